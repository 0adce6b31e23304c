//! What the log says about rooms, counted.

use loquat_protocol::PartitionId;

use super::{PersonId, RoomId};
use crate::{Advance, StoreError};

/// A message of a room, as far as counting needs it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomMessage {
    /// The room.
    pub room: RoomId,
    /// The message's serial, whose text order is the room's order.
    pub serial: String,
    /// Who wrote it; `None` when it was not a person.
    pub author: Option<PersonId>,
    /// When, milliseconds since 1970.
    pub time_ms: u64,
    /// Whom it mentions, the author and repetitions don't count.
    pub mentions: Vec<PersonId>,
    /// Whether it mentions everybody.
    pub mentions_all: bool,
}

/// Messages and the cursors that they move.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RoomBatch {
    /// One per partition that the batch touches.
    pub advances: Vec<Advance>,
    /// The messages of these ranges, in the order of the log within a room. Those of rooms that the store doesn't know
    /// count for nothing, and so do authors and mentioned people whom it doesn't know.
    pub messages: Vec<RoomMessage>,
}

/// Applies the log to rooms. One caller at a time.
pub trait RoomProjection: Send + Sync + 'static {
    /// The last sequence number that is applied, for each partition that was ever advanced, by partition.
    ///
    /// # Errors
    /// See [`StoreError`]; so below.
    fn room_cursors(&self) -> Result<Vec<(PartitionId, u64)>, StoreError>;

    /// Applies a batch: messages are counted in their rooms, which get a new version. Law: counts and cursors change
    /// together or not at all, also across kill -9 and power loss (which may take back whole batches newer than
    /// [`rooms_durable_seq`](Self::rooms_durable_seq)). Not durable until [`sync_rooms`](Self::sync_rooms) or the next
    /// durable change of anything else.
    ///
    /// # Errors
    /// `OutOfOrder`, and nothing is changed, when an advance does not begin at its cursor, or a message's serial is not
    /// above the room's newest.
    fn apply_rooms(&self, batch: &RoomBatch) -> Result<(), StoreError>;

    /// The last sequence number that is applied *and* survives a power loss; the log may be truncated up to here.
    fn rooms_durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError>;

    /// Makes everything applied so far durable.
    fn sync_rooms(&self) -> Result<(), StoreError>;
}
