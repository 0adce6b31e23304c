//! Laws of forgetting.

use loquat_protocol::{AppId, PartitionId};

use super::{
    Fixture,
    make::{P, all, batch, channel, channel_of, cursor, fill, row, row_in, seqs},
};
use crate::{Direction, HistoryQuery, Projection, ProjectionBatch, Retention};

/// Old rows go from the oldest on, at most `limit` a call; the answer says whether to call again.
pub fn prune_takes_the_oldest_first<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    fill(store, "a", 300);
    let before_ms = row("a", 201).time_ms;
    assert!(store.prune(P, Retention::Realtime, before_ms, 150).unwrap());
    assert_eq!(seqs(store, &all(channel("a"))), (151..=300).collect::<Vec<_>>());
    assert!(!store.prune(P, Retention::Realtime, before_ms, 150).unwrap());
    assert_eq!(seqs(store, &all(channel("a"))), (201..=300).collect::<Vec<_>>());
    assert!(!store.prune(P, Retention::Realtime, before_ms, 150).unwrap());
    assert_eq!(cursor(store).seq, 300);
}

/// `pruned_seq` is at or above every row that is gone and below every row that is left; other partitions stay.
pub fn prune_covers_what_it_deletes_and_no_more<F: Fixture>() {
    let fixture = F::empty();
    let (store, other) = (fixture.store(), PartitionId(9));
    store.apply(&batch(0, vec![row("a", 3), row("b", 5), row("a", 9), row("b", 20)])).unwrap();
    store.apply(&batch(0, vec![row_in(other, channel("c"), 1)])).unwrap();
    assert!(!store.prune(P, Retention::Realtime, row("a", 10).time_ms, 100).unwrap());
    let pruned_seq = cursor(store).pruned_seq;
    assert!((9..20).contains(&pruned_seq), "{pruned_seq}");
    assert_eq!(seqs(store, &all(channel("b"))), [20]);
    assert!(seqs(store, &all(channel("a"))).is_empty());
    assert_eq!(store.cursor(other).unwrap().pruned_seq, 0);
    assert!(!store.prune(P, Retention::Realtime, 0, 100).unwrap());
    assert_eq!(cursor(store).pruned_seq, pruned_seq);
}

fn mixed(seq: u64) -> crate::Row {
    row(if seq.is_multiple_of(3) { "general::$chat" } else { "sensor" }, seq)
}

/// Rooms and realtime channels in one partition are kept for different times; what is kept is answered whole, and the
/// mark of each class covers its own.
pub fn classes_are_kept_apart<F: Fixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    store.apply(&batch(0, (1..=600).map(mixed).collect())).unwrap();
    let before_ms = row("", 401).time_ms;
    while store.prune(P, Retention::Realtime, before_ms, 70).unwrap() {}
    let rooms: Vec<u64> = (1..=200).map(|n| 3 * n).collect();
    assert_eq!(seqs(store, &all(channel("general::$chat"))), rooms);
    let sensor: Vec<u64> = (401..=600).filter(|n| n % 3 != 0).collect();
    assert_eq!(seqs(store, &all(channel("sensor"))), sensor);
    let at = cursor(store);
    assert!((400..=401).contains(&at.pruned_seq) && at.rooms_pruned_seq == 0, "{at:?}");

    fixture.reopen();
    let store = fixture.store();
    while store.prune(P, Retention::Rooms, row("", 100).time_ms, 7).unwrap() {}
    assert_eq!(seqs(store, &all(channel("general::$chat"))), &rooms[33..]);
    assert_eq!(seqs(store, &all(channel("sensor"))), sensor);
    let backwards = HistoryQuery {
        direction: Direction::Backwards,
        start_ms: row("", 103).time_ms,
        end_ms: row("", 200).time_ms,
        limit: 5,
        ..all(channel("general::$chat"))
    };
    assert_eq!(seqs(store, &backwards), [198, 195, 192, 189, 186]);
    let at = cursor(store);
    assert!((99..102).contains(&at.rooms_pruned_seq) && (400..=401).contains(&at.pruned_seq), "{at:?}");
    assert!(!store.prune(P, Retention::Realtime, before_ms, 70).unwrap());
    store.apply(&batch(600, (601..=900).map(mixed).collect())).unwrap();
    while store.prune(P, Retention::Realtime, u64::MAX, 1000).unwrap() {}
    assert!(seqs(store, &all(channel("sensor"))).is_empty());
    assert_eq!(seqs(store, &all(channel("general::$chat"))), (34..=300).map(|n| 3 * n).collect::<Vec<_>>());
    while store.prune(P, Retention::Rooms, u64::MAX, 1000).unwrap() {}
    assert!(seqs(store, &all(channel("general::$chat"))).is_empty());
}

/// A channel without rows takes new ones, before and after a reopen.
pub fn a_channel_lives_on_after_all_of_it_was_pruned<F: Fixture>() {
    let mut fixture = F::empty();
    fill(fixture.store(), "a", 130);
    assert!(!fixture.store().prune(P, Retention::Realtime, u64::MAX, 1000).unwrap());
    assert!(seqs(fixture.store(), &all(channel("a"))).is_empty());
    fixture.store().apply(&batch(130, vec![row("a", 131)])).unwrap();
    assert_eq!(seqs(fixture.store(), &all(channel("a"))), [131]);
    fixture.reopen();
    fixture.store().apply(&batch(131, vec![row("a", 132)])).unwrap();
    assert_eq!(seqs(fixture.store(), &all(channel("a"))), [131, 132]);
}

/// An app's rows go, in every partition; other apps, cursors and the names themselves stay usable.
pub fn remove_app_takes_its_rows_alone<F: Fixture>() {
    let fixture = F::empty();
    let (store, other) = (fixture.store(), PartitionId(9));
    let rows = (1..=150).map(|n| row_in(P, channel_of(["gone", "stays"][n as usize % 2], "a"), n)).collect();
    store.apply(&batch(0, rows)).unwrap();
    store.apply(&batch(0, vec![row_in(other, channel_of("gone", "b"), 1)])).unwrap();
    store.remove_app(&AppId::from_trusted("gone")).unwrap();
    store.remove_app(&AppId::from_trusted("never")).unwrap();
    assert!(seqs(store, &all(channel_of("gone", "a"))).is_empty());
    assert_eq!(seqs(store, &all(channel_of("stays", "a"))), (1..=150).step_by(2).collect::<Vec<_>>());
    assert_eq!((cursor(store).seq, store.cursor(other).unwrap().seq), (150, 1));
    assert_eq!(cursor(store).durable_seq, 150);
    store.apply(&batch(150, vec![row_in(P, channel_of("gone", "a"), 151)])).unwrap();
    assert_eq!(seqs(store, &all(channel_of("gone", "a"))), [151]);
    store.apply(&ProjectionBatch::default()).unwrap();
}
