//! Durable, dense, ordered, timed; reads and heads.

use std::sync::Arc;

use bytes::Bytes;
use loquat_protocol::{PartitionId, Serial};

use super::{
    LogFixture,
    tools::{
        P0, P1, T0, append, append_later, append_until, new_entries, new_entry, numbers, read_all, seqs,
    },
};
use crate::{EpochStart, NewEntry, ReadLimit};

/// DUR-1: what was acknowledged is there after a crash, byte for byte.
pub fn acknowledged_entries_survive_a_crash(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(2);
    for round in 0..3 {
        let log = opened.log();
        append(fixture, &log, P0, new_entries(round * 10..round * 10 + 10));
        append(fixture, &log, P1, vec![NewEntry { body: Bytes::new(), ..new_entry(1000 + round) }]);
        let before = (read_all(&log, P0, 0), read_all(&log, P1, 0));
        drop(log);
        opened.crash();
        let log = opened.log();
        assert_eq!((read_all(&log, P0, 0), read_all(&log, P1, 0)), before);
        assert_eq!(numbers(&before.0), (0..round * 10 + 10).collect::<Vec<_>>());
    }
}

/// The first entry of a partition is number 1 of epoch 1, and each next is one higher, across crashes.
pub fn entries_are_numbered_from_one(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(2);
    for round in 0..3 {
        let log = opened.log();
        let appended = append(fixture, &log, P0, new_entries(round * 3..round * 3 + 3));
        let serials: Vec<_> = appended.iter().map(|appended| appended.serial).collect();
        assert_eq!(serials, (1..=3).map(|n| Serial::new(1, round * 3 + n)).collect::<Vec<_>>());
        drop(log);
        opened.crash();
    }
    let other = append(fixture, &opened.log(), P1, new_entries([0]));
    assert_eq!(other[0].serial, Serial::new(1, 1), "each partition is numbered by itself");
}

/// ORD-1: a batch's entries are stored in the batch's order, and reported in it.
pub fn batches_keep_their_order(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    let order = [5, 3, 9, 1, 7, 2];
    let appended = append(fixture, &log, P0, new_entries(order));
    let serials: Vec<_> = appended.iter().map(|appended| appended.serial.seq).collect();
    assert_eq!(serials, [1, 2, 3, 4, 5, 6]);
    assert_eq!(numbers(&read_all(&log, P0, 1)), order);
}

/// ORD-1: appends that one thread has in flight at the same time are stored in the order of the calls.
pub fn calls_of_one_thread_keep_their_order(fixture: &dyn LogFixture) {
    let opened = fixture.open(2);
    let log = opened.log();
    let partition = |number: u64| PartitionId((number % 2) as u16);
    let mut waiting: Vec<_> =
        (0..150).map(|number| append_later(&log, partition(number), new_entries([number]))).collect();
    let batches = (150..300).map(|number| {
        let (tell, outcome) = std::sync::mpsc::sync_channel(1);
        let done: crate::AppendDone = Box::new(move |outcome| {
            let _ = tell.send(outcome);
        });
        waiting.push(outcome);
        (partition(number), new_entries([number]), done)
    });
    log.append_many(batches.collect());
    for (number, outcome) in (0..).zip(waiting) {
        let appended =
            outcome.recv_timeout(fixture.patience()).expect("an append is done").expect("and succeeds");
        assert_eq!(appended[0].serial.seq, number / 2 + 1);
    }
    for parity in 0..2 {
        let expected: Vec<_> = (0..300).filter(|number| number % 2 == parity).collect();
        assert_eq!(numbers(&read_all(&log, partition(parity), 1)), expected);
    }
}

/// Appends of several threads are numbered without gaps, and each thread's are in its order.
pub fn concurrent_appends_are_dense(fixture: &dyn LogFixture) {
    const THREADS: u64 = 4;
    const EACH: u64 = 50;
    let opened = fixture.open(1);
    let log = opened.log();
    let patience = fixture.patience();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let log = Arc::clone(&log);
            scope.spawn(move || {
                let outcomes: Vec<_> = (0..EACH)
                    .map(|number| append_later(&log, P0, new_entries([thread * 1000 + number])))
                    .collect();
                for outcome in outcomes {
                    outcome.recv_timeout(patience).expect("an append is done").expect("and succeeds");
                }
            });
        }
    });
    let entries = read_all(&log, P0, 1);
    assert_eq!(seqs(&entries), (1..=THREADS * EACH).collect::<Vec<_>>());
    for thread in 0..THREADS {
        let own: Vec<_> = numbers(&entries).into_iter().filter(|number| number / 1000 == thread).collect();
        assert_eq!(own, (0..EACH).map(|number| thread * 1000 + number).collect::<Vec<_>>());
    }
}

/// A batch of nothing is done like any other.
pub fn empty_batches_are_done(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    assert_eq!(append(fixture, &log, P0, Vec::new()), []);
    assert_eq!(append(fixture, &log, P0, new_entries([1]))[0].serial.seq, 1);
}

/// An entry's time is the later of its own and that of the entry before it, also after a crash.
pub fn times_never_fall(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(2);
    let log = opened.log();
    let at = |number, time_ms| NewEntry { time_ms: T0 + time_ms, ..new_entry(number) };
    let (first, _) = append_until(fixture, &log, P0, &[at(1, 50), at(2, 20), at(3, 60)]);
    assert_eq!(first.iter().map(|appended| appended.time_ms - T0).collect::<Vec<_>>(), [50, 50, 60]);
    append(fixture, &log, P1, vec![at(4, 10)]);
    drop(log);
    opened.crash();
    let log = opened.log();
    append(fixture, &log, P0, vec![at(5, 30), at(6, 70)]);
    let times = |partition| {
        let entries = read_all(&log, partition, 1);
        entries.iter().map(|entry| entry.time_ms - T0).collect::<Vec<_>>()
    };
    assert_eq!((times(P0), times(P1)), (vec![50, 50, 60, 60, 70], vec![10]));
    assert_eq!(log.head(P0).expect("a head").time_ms, T0 + 70);
}

/// A read begins where it is told and stops at the first of its limits, but never before one entry.
pub fn reads_keep_their_limits(fixture: &dyn LogFixture) {
    let opened = fixture.open(2);
    let log = opened.log();
    let body = |number| NewEntry { body: Bytes::from(vec![b'x'; 100]), ..new_entry(number) };
    append(fixture, &log, P0, (0..20).map(body).collect());
    let read = |from, entries, bytes| {
        seqs(&log.read(P0, from, ReadLimit { entries, bytes }).expect("the log can be read"))
    };
    assert_eq!(read(0, 3, 1 << 20), [1, 2, 3]);
    assert_eq!(read(5, 2, 1 << 20), [5, 6]);
    assert_eq!(read(5, 100, 1), [5]);
    assert_eq!(read(5, 100, 100), [5]);
    assert_eq!(read(5, 100, 101), [5, 6]);
    assert_eq!(read(5, 100, 300), [5, 6, 7]);
    assert_eq!(read(19, 100, 1 << 20), [19, 20]);
    assert_eq!(read(21, 100, 1 << 20), [0; 0]);
    assert_eq!(seqs(&read_all(&log, P1, 0)), [0; 0]);
}

/// A head tells the newest durable entry, and the oldest.
pub fn heads_are_exact(fixture: &dyn LogFixture) {
    let opened = fixture.open(2);
    let log = opened.log();
    assert_eq!(log.partitions(), 2);
    let head = log.head(P0).expect("a head");
    assert_eq!((head.serial, head.time_ms, head.first_seq), (Serial::new(1, 0), 0, 1));
    assert_eq!(*head.epochs, [EpochStart { epoch: 1, first_seq: 1 }]);
    append(fixture, &log, P0, new_entries(0..7));
    let head = log.head(P0).expect("a head");
    assert_eq!((head.serial, head.time_ms, head.first_seq), (Serial::new(1, 7), T0 + 6, 1));
    assert!(head.descends_from(Serial::new(1, 7)) && head.descends_from(Serial::new(1, 0)));
    assert!(!head.descends_from(Serial::new(1, 8)) && !head.descends_from(Serial::new(2, 1)));
    assert_eq!(log.head(P1).expect("a head").serial, Serial::new(1, 0));
}
