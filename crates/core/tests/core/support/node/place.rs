//! What shards read of the node.

use std::sync::Arc;

use loquat_core::{
    World,
    feed::{FeedEntry, Ring},
    presence::{MemberTable, Members},
    world::{Continuity, Recent},
};
use loquat_protocol::{ChannelId, PartitionId, Serial};

/// What shards read.
pub struct Place {
    pub rings: Vec<Ring>,
    /// Every entry ever, the projection.
    pub history: Vec<Vec<Arc<FeedEntry>>>,
    /// Entries up to here are removed by retention.
    pub pruned_seq: u64,
    pub members: MemberTable,
}

impl World for Place {
    fn members(&self, channel: &ChannelId) -> Members {
        let mut members = self.members.members(channel);
        members
            .present
            .sort_by(|a, b| (&a.client_id, &a.connection_id).cmp(&(&b.client_id, &b.connection_id)));
        members
    }

    fn recent(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        after: u64,
        until: u64,
        newest: usize,
    ) -> Recent {
        match self.rings[partition.index()].channel(channel, after, until, newest) {
            Some(entries) => Recent::Held(entries),
            None => Recent::Evicted,
        }
    }

    fn continuity(&self, _: &ChannelId, partition: PartitionId, serial: Serial) -> Continuity {
        match () {
            () if serial.epoch != 1 || serial.seq > self.rings[partition.index()].head().seq => {
                Continuity::Unknown
            }
            () if serial.seq < self.pruned_seq => Continuity::Expired,
            () => Continuity::Kept,
        }
    }
}
