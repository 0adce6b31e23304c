//! Once (DUP-1): what an id is found by, and for how long.

use super::{
    LogFixture, WindowClock,
    tools::{P0, P1, T0, append, append_later, append_until, new_entries, new_entry, numbers, read_all},
};
use crate::{Appended, NewEntry};

fn later(number: u64, time_ms: u64) -> NewEntry {
    NewEntry { time_ms: T0 + time_ms, ..new_entry(number) }
}

fn duplicate_of(first: Appended) -> Appended {
    Appended { duplicate: true, ..first }
}

/// An id repeated in one batch is stored once.
pub fn duplicates_within_a_batch(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    let batch = [later(1, 0), later(2, 5), later(1, 9), later(2, 9), later(3, 9)];
    let (appended, retried) = append_until(fixture, &log, P0, &batch);
    assert_eq!(numbers(&read_all(&log, P0, 1)), [1, 2, 3]);
    assert_eq!(appended[2], duplicate_of(appended[0]));
    assert_eq!(appended[3], duplicate_of(appended[1]));
    assert_eq!(appended[4].serial.seq, 3);
    assert!(retried || !(appended[0].duplicate || appended[1].duplicate || appended[4].duplicate));
}

/// An id repeated later has the first one's serial and time, and the body that came first stays.
pub fn duplicates_across_batches(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    let first = append(fixture, &log, P0, new_entries([1, 2]));
    let other_body = NewEntry { body: bytes::Bytes::from_static(b"other"), ..later(2, 700) };
    let again = append(fixture, &log, P0, vec![later(4, 600), other_body, later(1, 800)]);
    assert_eq!(again[1], duplicate_of(first[1]));
    assert_eq!(again[2], duplicate_of(first[0]));
    assert_eq!(numbers(&read_all(&log, P0, 1)), [1, 2, 4]);
}

/// Ids repeated while the first is in flight are stored once, and nobody is told before the first is durable.
pub fn duplicates_in_flight(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    let outcomes: Vec<_> = (0..60).map(|call| append_later(&log, P0, new_entries([call / 3]))).collect();
    for (call, outcome) in (0..).zip(outcomes) {
        let appended =
            outcome.recv_timeout(fixture.patience()).expect("an append is done").expect("and succeeds");
        assert_eq!((appended[0].serial.seq, appended[0].duplicate), (call / 3 + 1, call % 3 != 0));
    }
    assert_eq!(numbers(&read_all(&log, P0, 1)), (0..20).collect::<Vec<_>>());
}

/// The window outlives a crash.
pub fn duplicates_after_a_crash(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(2);
    let first = append(fixture, &opened.log(), P0, new_entries(0..5));
    opened.crash();
    let second = append(fixture, &opened.log(), P0, new_entries(3..8));
    opened.crash();
    let log = opened.log();
    let again = append(fixture, &log, P0, (0..8).map(|number| later(number, 100)).collect());
    let expected: Vec<_> = first.iter().chain(&second[2..]).copied().map(duplicate_of).collect();
    assert_eq!(again, expected);
    assert_eq!(numbers(&read_all(&log, P0, 1)), (0..8).collect::<Vec<_>>());
}

/// Partitions don't share ids.
pub fn ids_are_per_partition(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(2);
    append(fixture, &opened.log(), P0, new_entries([1, 2]));
    append(fixture, &opened.log(), P1, new_entries([2, 1, 3]));
    opened.crash();
    let log = opened.log();
    append(fixture, &log, P0, new_entries([3]));
    assert_eq!(numbers(&read_all(&log, P0, 1)), [1, 2, 3]);
    assert_eq!(numbers(&read_all(&log, P1, 1)), [2, 1, 3]);
}

/// An id is known to the last millisecond of the window, and then no longer; a new window begins with the new entry.
pub fn ids_expire_after_the_window(fixture: &dyn LogFixture) {
    let WindowClock::Entries(span) = fixture.window() else { return };
    let mut opened = fixture.open(1);
    let log = opened.log();
    let first = append(fixture, &log, P0, vec![later(1, 0)]);
    assert_eq!(append(fixture, &log, P0, vec![later(1, span)])[0], duplicate_of(first[0]));
    let second = append(fixture, &log, P0, vec![later(1, span + 1), later(1, span + 2)]);
    assert_eq!((second[0].serial.seq, second[0].duplicate), (2, false));
    assert_eq!(second[1], duplicate_of(second[0]));
    drop(log);
    opened.crash();
    let log = opened.log();
    assert_eq!(append(fixture, &log, P0, vec![later(1, 2 * span + 1)])[0], duplicate_of(second[0]));
    assert_eq!(append(fixture, &log, P0, vec![later(1, 2 * span + 2)])[0].serial.seq, 3);
}

/// A new epoch forgets no id: the duplicate has the old epoch's serial.
pub fn ids_of_other_epochs_count(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(1);
    let first = append(fixture, &opened.log(), P0, new_entries([1]));
    if !opened.raise_epoch() {
        return;
    }
    let again = append(fixture, &opened.log(), P0, new_entries([2, 1]));
    assert_eq!((again[0].serial.epoch, again[1]), (2, duplicate_of(first[0])));
    opened.crash();
    assert_eq!(append(fixture, &opened.log(), P0, vec![later(1, 9)])[0], duplicate_of(first[0]));
}
