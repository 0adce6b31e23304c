//! What every shard of the node reads.

use std::sync::Arc;

use loquat_core::{
    World,
    feed::{FeedEntry, Ring},
    presence::{MemberTable, Members},
    world::{Continuity, Recent},
};
use loquat_protocol::{ChannelId, PartitionId, Serial};

/// What every shard reads.
#[derive(Debug)]
pub struct Shared {
    /// Recent entries.
    pub rings: Vec<Ring>,
    /// Who is there.
    pub members: MemberTable,
    /// What the projection holds: everything that was stored, as of the last turn of the feed.
    pub past: Vec<Vec<Arc<FeedEntry>>>,
    /// What retention has removed, per partition: entries up to this sequence number.
    pub pruned: Vec<u64>,
}

impl World for Shared {
    fn members(&self, channel: &ChannelId) -> Members {
        let mut members = self.members.members(channel);
        // The table keeps no order; a run must.
        members
            .present
            .sort_by(|a, b| (&a.connection_id, &a.client_id).cmp(&(&b.connection_id, &b.client_id)));
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
        let found = self.rings[partition.index()].channel(channel, after, until, newest);
        found.map_or(Recent::Evicted, Recent::Held)
    }

    fn continuity(&self, _: &ChannelId, partition: PartitionId, serial: Serial) -> Continuity {
        if serial.epoch != 1 || serial.seq > self.rings[partition.index()].head().seq {
            return Continuity::Unknown;
        }
        if serial.seq < self.pruned[partition.index()] { Continuity::Expired } else { Continuity::Kept }
    }
}
