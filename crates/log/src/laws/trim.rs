//! Truncated, and epochs.

use loquat_protocol::Serial;

use super::{
    LogFixture,
    tools::{Collector, P0, P1, T0, append, new_entries, new_entry, read_all, seqs},
};
use crate::{EpochStart, NewEntry};

/// What is at or above the mark stays, and so do head and epochs; other partitions aren't touched.
pub fn truncation_keeps_the_rest(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(2);
    let log = opened.log();
    append(fixture, &log, P0, new_entries(0..100));
    append(fixture, &log, P1, new_entries(0..10));
    let (before, kept) = (log.head(P0).expect("a head"), read_all(&log, P0, 41));
    log.truncate(P0, 41).expect("a truncation");
    log.truncate(P0, 20).expect("one that has nothing to do");
    for round in 0..2 {
        let log = opened.log();
        let head = log.head(P0).expect("a head");
        assert_eq!(
            (head.serial, head.time_ms, &head.epochs),
            (before.serial, before.time_ms, &before.epochs)
        );
        assert!(head.first_seq <= 41);
        assert_eq!(read_all(&log, P0, 41), kept);
        let rest = read_all(&log, P0, 0);
        assert_eq!(rest[0].serial.seq, head.first_seq, "the head tells the oldest entry, round {round}");
        assert_eq!(seqs(&read_all(&log, P1, 0)), (1..=10).collect::<Vec<_>>());
        drop(log);
        opened.crash();
    }
}

/// The head outlives the last entry.
pub fn everything_can_be_truncated(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(1);
    let log = opened.log();
    append(fixture, &log, P0, new_entries(0..30));
    log.truncate(P0, 31).expect("a truncation");
    drop(log);
    for _ in 0..2 {
        let log = opened.log();
        let head = log.head(P0).expect("a head");
        assert_eq!((head.serial, head.time_ms), (Serial::new(1, 30), T0 + 29));
        assert_eq!(seqs(&read_all(&log, P0, 0)), (head.first_seq..31).collect::<Vec<_>>());
        drop(log);
        opened.crash();
    }
    let late = append(fixture, &opened.log(), P0, vec![NewEntry { time_ms: T0, ..new_entry(99) }]);
    assert_eq!((late[0].serial.seq, late[0].time_ms), (31, T0 + 29));
}

/// Numbers go on where they were, whatever is truncated or killed.
pub fn numbers_are_not_given_twice(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(1);
    for round in 0..4 {
        let log = opened.log();
        let appended = append(fixture, &log, P0, new_entries(round * 5..round * 5 + 5));
        assert_eq!(appended[0].serial.seq, round * 5 + 1);
        log.truncate(P0, round * 5 + 6).expect("a truncation");
        // Beyond the head there is nothing to let go.
        log.truncate(P0, round * 5 + 1000).expect("a truncation");
        drop(log);
        opened.crash();
    }
}

/// An id is found after its entry is gone.
pub fn truncation_keeps_ids(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(1);
    let log = opened.log();
    let first = append(fixture, &log, P0, new_entries(0..10));
    log.truncate(P0, 11).expect("a truncation");
    let again = append(fixture, &log, P0, new_entries([3]));
    assert_eq!((again[0].serial, again[0].duplicate), (first[3].serial, true));
    drop(log);
    opened.crash();
    let again = append(fixture, &opened.log(), P0, new_entries([4, 10]));
    assert_eq!((again[0].serial, again[0].duplicate), (first[4].serial, true));
    assert_eq!((again[1].serial.seq, again[1].duplicate), (11, false));
}

/// A follower gets what comes whatever is truncated behind it.
pub fn truncation_spares_followers(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    append(fixture, &log, P0, new_entries(0..50));
    let collector = Collector::follow(&log, P0, 40);
    collector.wait_for(50, fixture.patience());
    log.truncate(P0, 51).expect("a truncation");
    append(fixture, &log, P0, new_entries(50..60));
    assert_eq!(seqs(&collector.wait_for(60, fixture.patience())), (41..=60).collect::<Vec<_>>());
}

/// A new epoch begins after the head, in every partition, and lasts.
pub fn epochs_rise(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(2);
    append(fixture, &opened.log(), P0, new_entries(0..5));
    if !opened.raise_epoch() {
        return;
    }
    let log = opened.log();
    let starts = |first_seq| [EpochStart { epoch: 1, first_seq: 1 }, EpochStart { epoch: 2, first_seq }];
    let heads = (log.head(P0).expect("a head"), log.head(P1).expect("a head"));
    assert_eq!((heads.0.serial, *heads.0.epochs == starts(6)), (Serial::new(1, 5), true));
    assert_eq!((heads.1.serial, *heads.1.epochs == starts(1)), (Serial::new(2, 0), true));
    let appended = append(fixture, &log, P0, new_entries([5]));
    assert_eq!(appended[0].serial, Serial::new(2, 6));
    drop(log);
    opened.crash();
    let log = opened.log();
    let head = log.head(P0).expect("a head");
    assert_eq!(head.serial, Serial::new(2, 6));
    assert!(head.descends_from(Serial::new(1, 5)) && head.descends_from(Serial::new(2, 6)));
    assert!(!head.descends_from(Serial::new(1, 6)), "the abandoned tail is told apart");
}
