//! What a shard reads of the node around it. Reads only: changes are effects.

use std::sync::Arc;

use loquat_protocol::{ChannelId, PartitionId, Serial};

use crate::{feed::FeedEntry, presence::Members};

/// What the ring knows of a channel's range.
#[derive(Debug)]
pub enum Recent {
    /// All of it, oldest first.
    Held(Vec<Arc<FeedEntry>>),
    /// Some of it is older than what the ring holds.
    Evicted,
}

/// The node, as a shard sees it.
pub trait World {
    /// The members of a channel at this moment.
    fn members(&self, channel: &ChannelId) -> Members;

    /// The message entries of a channel with `after < seq <= until`; at most the newest `newest` of them.
    fn recent(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        after: u64,
        until: u64,
        newest: usize,
    ) -> Recent;

    /// Whether every entry of the channel after `serial` can still be read (from the ring, the projection or the log), and
    /// `serial` is one of this log's history.
    fn continuity(&self, channel: &ChannelId, partition: PartitionId, serial: Serial) -> Continuity;
}

/// The answer of [`World::continuity`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Continuity {
    /// Everything after it can be given.
    Kept,
    /// Something after it was removed by retention.
    Expired,
    /// The serial was never given out by this log, or by a tail of it that is gone.
    Unknown,
}
