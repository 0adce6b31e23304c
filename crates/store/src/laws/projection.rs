//! Laws of applying the log.

use loquat_protocol::PartitionId;

use super::{
    Fixture,
    make::{P, all, ask, batch, channel, cursor, fill, row, row_in, seqs},
};
use crate::{Advance, Cursor, Projection, ProjectionBatch, StoreErrorKind};

/// Nothing was projected: every cursor is zero and every channel empty.
pub fn an_empty_store_stands_at_zero<F: Fixture>() {
    let fixture = F::empty();
    assert_eq!(cursor(fixture.store()), Cursor::default());
    assert_eq!(fixture.store().cursor(PartitionId(u16::MAX)).unwrap(), Cursor::default());
    assert!(ask(fixture.store(), &all(channel("a"))).is_empty());
}

/// A batch moves the cursors of all its partitions and shows its rows.
pub fn rows_and_cursor_move_together<F: Fixture>() {
    let fixture = F::empty();
    let (store, other) = (fixture.store(), PartitionId(4));
    let advances = vec![
        Advance { partition: P, after_seq: 0, to_seq: 9 },
        Advance { partition: other, after_seq: 0, to_seq: 2 },
    ];
    let rows = vec![row("a", 1), row_in(other, channel("b"), 2), row("a", 5)];
    store.apply(&ProjectionBatch { advances, rows: rows.clone() }).unwrap();
    assert_eq!((cursor(store).seq, store.cursor(other).unwrap().seq), (9, 2));
    assert_eq!(ask(store, &all(channel("a"))), [rows[0].clone(), rows[2].clone()]);
    assert_eq!(store.cursor(PartitionId(5)).unwrap(), Cursor::default());
}

fn refused<F: Fixture>(batch: &ProjectionBatch) {
    let fixture = F::empty();
    let store = fixture.store();
    fill(store, "a", 3);
    let before = (cursor(store), seqs(store, &all(channel("a"))));
    let error = store.apply(batch).expect_err("a batch that is wrong about the past is refused");
    assert_eq!(error.kind, StoreErrorKind::OutOfOrder, "{error}");
    assert_eq!((cursor(store), seqs(store, &all(channel("a")))), before);
    assert_eq!(store.cursor(PartitionId(4)).unwrap(), Cursor::default());
    store.apply(&self::batch(3, vec![row("a", 4)])).expect("the right batch goes on");
    assert_eq!(seqs(store, &all(channel("a"))), [1, 2, 3, 4]);
}

/// A repeated batch, one with a gap, one that is wrong in one of two partitions: refused, nothing changes.
pub fn a_batch_that_does_not_continue_is_refused_whole<F: Fixture>() {
    refused::<F>(&batch(0, vec![row("a", 1)]));
    refused::<F>(&batch(2, vec![row("a", 4)]));
    refused::<F>(&batch(4, vec![row("a", 5)]));
    let good = Advance { partition: PartitionId(4), after_seq: 0, to_seq: 1 };
    let wrong = Advance { partition: P, after_seq: 7, to_seq: 8 };
    let rows = vec![row_in(PartitionId(4), channel("b"), 1), row("a", 8)];
    refused::<F>(&ProjectionBatch { advances: vec![good, wrong], rows });
}

/// Rows outside of their range, twice the same, falling, or of a partition that the batch doesn't name.
pub fn rows_out_of_place_are_refused<F: Fixture>() {
    let advances = vec![Advance { partition: P, after_seq: 3, to_seq: 6 }];
    let stranger = row_in(PartitionId(4), channel("b"), 4);
    for rows in [vec![row("a", 3)], vec![row("a", 7)], vec![row("a", 5), row("a", 5)], vec![stranger]] {
        refused::<F>(&ProjectionBatch { advances: advances.clone(), rows });
    }
    refused::<F>(&ProjectionBatch { advances: advances.clone(), rows: vec![row("a", 6), row("a", 5)] });
    refused::<F>(&ProjectionBatch { advances: vec![advances[0], advances[0]], rows: vec![] });
    let backwards = Advance { partition: P, after_seq: 3, to_seq: 2 };
    refused::<F>(&ProjectionBatch { advances: vec![backwards], rows: vec![] });
}

/// Entries that project to nothing still move the cursor; a batch of nothing at all is fine.
pub fn a_batch_without_rows_moves_the_cursor<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    store.apply(&ProjectionBatch::default()).unwrap();
    let advances = vec![Advance { partition: P, after_seq: 0, to_seq: 50 }];
    store.apply(&ProjectionBatch { advances, rows: vec![] }).unwrap();
    assert_eq!(cursor(store), Cursor { seq: 50, durable_seq: 0, pruned_seq: 0, rooms_pruned_seq: 0 });
    store.apply(&batch(50, vec![row("a", 51)])).unwrap();
    assert_eq!(seqs(store, &all(channel("a"))), [51]);
}

/// `durable_seq` moves with `sync` and not before, and never beyond what was applied.
pub fn sync_moves_the_durable_cursor<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    store.sync().unwrap();
    fill(store, "a", 3);
    assert_eq!(cursor(store), Cursor { seq: 3, durable_seq: 0, pruned_seq: 0, rooms_pruned_seq: 0 });
    store.sync().unwrap();
    store.sync().unwrap();
    assert_eq!(cursor(store).durable_seq, 3);
    store.apply(&batch(3, vec![row("a", 4)])).unwrap();
    assert_eq!(cursor(store), Cursor { seq: 4, durable_seq: 3, pruned_seq: 0, rooms_pruned_seq: 0 });
}

/// Rows and cursors are there after closing and opening, and the store goes on where it stood.
pub fn a_reopened_store_is_the_same<F: Fixture>() {
    let mut fixture = F::empty();
    fill(fixture.store(), "a", 200);
    fixture.store().sync().unwrap();
    fixture.store().apply(&batch(200, vec![row("a", 201), row("b", 202)])).unwrap();
    let before = (cursor(fixture.store()), ask(fixture.store(), &all(channel("a"))));
    fixture.reopen();
    let store = fixture.store();
    assert_eq!((cursor(store), ask(store, &all(channel("a")))), before);
    store.apply(&batch(202, vec![row("b", 203), row("a", 204)])).unwrap();
    assert_eq!(seqs(store, &all(channel("b"))), [202, 203]);
    assert_eq!(seqs(store, &all(channel("a"))).last(), Some(&204));
}
