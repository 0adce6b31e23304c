//! A log that never was: every entry is a function of its partition and sequence number, so that a store can be
//! checked against its own cursor.

use bytes::Bytes;
use loquat_protocol::{AppId, ChannelId, ChannelName, PartitionId, Serial, entry::EntryKind};
use loquat_store::{
    Advance, Cursor, Direction, History, HistoryQuery, Projection, ProjectionBatch, Retention, Row,
};
use loquat_store_sqlite::SqliteStore;

pub const PARTITIONS: [PartitionId; 4] = [PartitionId(0), PartitionId(1), PartitionId(2), PartitionId(700)];
const CHANNELS: u64 = 7;
/// Rows that retention leaves, at least.
const KEPT: u64 = 1_500;

fn channel(partition: PartitionId, n: u64) -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(&format!("channel {partition} {n}")))
}

fn time_ms(seq: u64) -> u64 {
    1_700_000_000_000 + seq / 3
}

/// What an entry projects to; one in eleven to nothing.
pub fn row(partition: PartitionId, seq: u64) -> Option<Row> {
    if seq.is_multiple_of(11) {
        return None;
    }
    let kind = if seq.is_multiple_of(5) { EntryKind::Presence } else { EntryKind::Message };
    let body = Bytes::from(format!("entry {seq} of {partition} ").repeat(1 + (seq % 13) as usize));
    let channel = channel(partition, seq.wrapping_mul(0x9e37_79b9) / 7 % CHANNELS);
    let serial = Serial::new(1 + (seq / 1_000) as u16 % 3, seq);
    Some(Row { partition, channel, kind, serial, time_ms: time_ms(seq), items: 1 + (seq % 3) as u16, body })
}

/// The batch that follows on what the store has: some of each partition.
pub fn next_batch(store: &SqliteStore) -> ProjectionBatch {
    let mut batch = ProjectionBatch::default();
    for partition in PARTITIONS {
        let after_seq = store.cursor(partition).expect("a cursor is read").seq;
        let to_seq = after_seq + after_seq % 41;
        let to_seq = to_seq.max(after_seq + 1);
        batch.advances.push(Advance { partition, after_seq, to_seq });
        batch.rows.extend((after_seq + 1..=to_seq).filter_map(|seq| row(partition, seq)));
    }
    batch
}

/// Lets retention take what is older than the newest rows.
pub fn prune(store: &SqliteStore) {
    for partition in PARTITIONS {
        let seq = store.cursor(partition).expect("a cursor is read").seq;
        store
            .prune(partition, Retention::Realtime, time_ms(seq.saturating_sub(KEPT)), 500)
            .expect("retention works");
    }
}

/// Everything the store has of a partition, in order, and the cursor of the last answer.
fn stored(store: &SqliteStore, partition: PartitionId) -> (Vec<Row>, Cursor) {
    let (mut rows, mut cursor) = (Vec::new(), Cursor::default());
    for n in 0..CHANNELS {
        for kind in [EntryKind::Message, EntryKind::Presence] {
            let query = HistoryQuery {
                channel: channel(partition, n),
                kind,
                from_seq: 0,
                to_seq: u64::MAX,
                start_ms: 0,
                end_ms: u64::MAX,
                direction: Direction::Forwards,
                limit: usize::MAX,
            };
            let answer = store.query(&query, partition).expect("a query is answered");
            rows.extend(answer.0);
            cursor = answer.1;
        }
    }
    rows.sort_by_key(|row| row.serial.seq);
    (rows, cursor)
}

/// Asserts that the store holds what the log up to its cursors projects to, less what retention took: no more, no
/// less, and that it finds itself sound.
pub fn verify(store: &SqliteStore) {
    assert_eq!(store.check().expect("the store can be checked"), [""; 0]);
    for partition in PARTITIONS {
        let (rows, cursor) = stored(store, partition);
        let expected: Vec<Row> =
            (cursor.pruned_seq + 1..=cursor.seq).filter_map(|seq| row(partition, seq)).collect();
        assert!(rows == expected, "partition {partition}: {} rows, {} expected", rows.len(), expected.len());
        assert!(cursor.durable_seq <= cursor.seq, "{cursor:?}");
    }
}
