//! Short ways to write rows, batches and questions.

use bytes::Bytes;
use loquat_protocol::{AppId, ChannelId, ChannelName, PartitionId, Serial, entry::EntryKind};

use crate::{Advance, Cursor, Direction, History, HistoryQuery, Projection, ProjectionBatch, Row};

/// The partition of most laws.
pub const P: PartitionId = PartitionId(3);

/// A channel of the app `app`.
pub fn channel(name: &str) -> ChannelId {
    channel_of("app", name)
}

/// A channel of an app.
pub fn channel_of(app: &str, name: &str) -> ChannelId {
    ChannelId::new(AppId::from_trusted(app), ChannelName::from_trusted(name))
}

/// A message row in partition [`P`], at the time `1000 + 10 * seq`.
pub fn row(name: &str, seq: u64) -> Row {
    row_in(P, channel(name), seq)
}

/// A message row, at the time `1000 + 10 * seq`.
pub fn row_in(partition: PartitionId, channel: ChannelId, seq: u64) -> Row {
    let body = Bytes::from(format!("{}/{}#{seq}", channel.app, channel.name));
    let serial = Serial::new(1, seq);
    Row { partition, channel, kind: EntryKind::Message, serial, time_ms: 1000 + 10 * seq, items: 1, body }
}

/// A batch of one partition, from `after_seq` up to its last row.
pub fn batch(after_seq: u64, rows: Vec<Row>) -> ProjectionBatch {
    let partition = rows.first().map_or(P, |row| row.partition);
    let to_seq = rows.last().map_or(after_seq, |row| row.serial.seq);
    ProjectionBatch { advances: vec![Advance { partition, after_seq, to_seq }], rows }
}

/// Applies message rows `1..=count` of one channel in one batch.
pub fn fill(store: &impl Projection, name: &str, count: u64) {
    let rows = (1..=count).map(|seq| row(name, seq)).collect();
    store.apply(&batch(0, rows)).expect("a batch that continues is applied");
}

/// The question for all messages of a channel, oldest first.
pub fn all(channel: ChannelId) -> HistoryQuery {
    HistoryQuery {
        channel,
        kind: EntryKind::Message,
        from_seq: 0,
        to_seq: u64::MAX,
        start_ms: 0,
        end_ms: u64::MAX,
        direction: Direction::Forwards,
        limit: 1_000_000,
    }
}

/// The answer to a question in partition [`P`].
pub fn ask(store: &impl History, query: &HistoryQuery) -> Vec<Row> {
    store.query(query, P).expect("a query is answered").0
}

/// The sequence numbers of the answer to a question in partition [`P`].
pub fn seqs(store: &impl History, query: &HistoryQuery) -> Vec<u64> {
    ask(store, query).iter().map(|row| row.serial.seq).collect()
}

/// The cursor of partition [`P`].
pub fn cursor(store: &impl Projection) -> Cursor {
    store.cursor(P).expect("a cursor is read")
}
