//! The projection of the log that answers questions about the past.

use bytes::Bytes;
use loquat_protocol::{ChannelId, PartitionId, Serial, entry::EntryKind};

use crate::{Retention, StoreError};

/// One entry of a channel, as the log has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The partition of the log that holds the entry.
    pub partition: PartitionId,
    /// The channel.
    pub channel: ChannelId,
    /// Messages or presence.
    pub kind: EntryKind,
    /// Where the entry stands in its partition.
    pub serial: Serial,
    /// Milliseconds since 1970; never less than that of an earlier entry of the partition (the log sees to it, and
    /// engines rely on it: a bound in time is turned into one in sequence numbers).
    pub time_ms: u64,
    /// How many messages or presence events the entry holds.
    pub items: u16,
    /// The entry's bytes, header included; see `loquat_protocol::entry`.
    pub body: Bytes,
}

/// A partition's cursor: everything up to here is projected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cursor {
    /// The last sequence number that is projected.
    pub seq: u64,
    /// The last sequence number that is projected *and* survives a power loss; the log may be truncated up to here.
    pub durable_seq: u64,
    /// Entries of realtime channels up to here may have been pruned by retention (0: none).
    pub pruned_seq: u64,
    /// The same for entries of rooms.
    pub rooms_pruned_seq: u64,
}

impl Cursor {
    /// Entries of a class of channels up to here may have been pruned by retention (0: none).
    pub fn pruned_seq_of(&self, retention: Retention) -> u64 {
        match retention {
            Retention::Realtime => self.pruned_seq,
            Retention::Rooms => self.rooms_pruned_seq,
        }
    }
}

/// How far a batch moves one partition's cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Advance {
    /// The partition.
    pub partition: PartitionId,
    /// Where the cursor stands before.
    pub after_seq: u64,
    /// Where it stands afterwards.
    pub to_seq: u64,
}

/// Rows and the cursors that they move.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProjectionBatch {
    /// One per partition that the batch touches.
    pub advances: Vec<Advance>,
    /// The rows, each within the range of its partition's advance (`after_seq < seq <= to_seq`), rising within a
    /// partition. Entries that project to nothing have no row.
    pub rows: Vec<Row>,
}

/// Which way history is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Oldest first.
    Forwards,
    /// Newest first.
    Backwards,
}

/// A question about a channel's past. All bounds are inclusive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoryQuery {
    /// The channel.
    pub channel: ChannelId,
    /// Messages or presence.
    pub kind: EntryKind,
    /// Oldest sequence number.
    pub from_seq: u64,
    /// Newest sequence number.
    pub to_seq: u64,
    /// Oldest time, milliseconds since 1970.
    pub start_ms: u64,
    /// Newest time, milliseconds since 1970.
    pub end_ms: u64,
    /// Which way.
    pub direction: Direction,
    /// Most rows returned.
    pub limit: usize,
}

/// Applies the log. One caller at a time.
pub trait Projection: Send + Sync + 'static {
    /// A partition's cursor; zeros where nothing was projected yet.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn cursor(&self, partition: PartitionId) -> Result<Cursor, StoreError>;

    /// Applies a batch. Law: rows and cursors change together or not at all, also across kill -9 and power loss
    /// (which may take back whole batches newer than `durable_seq`, rows and cursor alike). A batch whose
    /// `after_seq` is not the cursor is refused with `OutOfOrder` and changes nothing.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn apply(&self, batch: &ProjectionBatch) -> Result<(), StoreError>;

    /// The members that the presence rows applied so far leave present ([`crate::members`]), in no order. Retention does
    /// not take them.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn members(&self) -> Result<Vec<crate::Member>, StoreError>;

    /// Makes everything applied so far durable and moves `durable_seq` up to it.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn sync(&self) -> Result<(), StoreError>;

    /// Deletes rows of a class of channels in a partition that are older than `before_ms`, at most `limit` rows, oldest
    /// first; `true` when there may be more. Law: the class's pruned sequence number covers every row deleted, in the
    /// same transaction, and no row of the class that is left; rows of the other class stay as they are. Rows that are
    /// passed over are not read again by later calls.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn prune(
        &self,
        partition: PartitionId,
        retention: Retention,
        before_ms: u64,
        limit: usize,
    ) -> Result<bool, StoreError>;

    /// Removes every row of an app; durable on return. Cursors stay. Done in steps of bounded size, so that a failure
    /// or a kill can leave a part behind: call it again. Rows of the app in later batches are the caller's to leave out.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn remove_app(&self, app: &loquat_protocol::AppId) -> Result<(), StoreError>;
}

/// Answers questions about the past.
pub trait History: Send + Sync + 'static {
    /// The rows that a query asks for, in its direction, together with the cursor of the channel's partition as of
    /// the same snapshot: the answer is complete up to that cursor.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn query(&self, query: &HistoryQuery, partition: PartitionId) -> Result<(Vec<Row>, Cursor), StoreError>;
}
