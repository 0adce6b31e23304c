//! The node as a shard's core reads it.

use loquat_core::{
    World,
    presence::Members,
    world::{Continuity, Recent},
};
use loquat_protocol::{ChannelId, PartitionId, Serial};

use crate::Node;

impl World for Node {
    fn members(&self, channel: &ChannelId) -> Members {
        self.presence().members(channel)
    }

    fn recent(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        after: u64,
        until: u64,
        newest: usize,
    ) -> Recent {
        self.feed().channel(channel, partition, after, until, newest)
    }

    fn continuity(&self, channel: &ChannelId, partition: PartitionId, serial: Serial) -> Continuity {
        self.feed().continuity(channel, partition, serial)
    }
}
