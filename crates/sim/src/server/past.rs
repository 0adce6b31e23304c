//! The projection, and its answers to what shards ask of it.

use std::sync::Arc;

use loquat_core::{
    Effect, Now,
    feed::FeedEntry,
    shard::{Backlog, RewindStart},
};
use loquat_protocol::{ChannelId, PartitionId, Serial, entry::EntryKind, params::Rewind};

use super::{Server, Shared};

impl Shared {
    fn range(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        after: u64,
        until: u64,
    ) -> Vec<Arc<FeedEntry>> {
        let wanted = |entry: &&Arc<FeedEntry>| {
            let seq = entry.serial.seq;
            entry.channel == *channel && entry.kind == EntryKind::Message && after < seq && seq <= until
        };
        self.past[partition.index()].iter().filter(wanted).cloned().collect()
    }
}

impl Server {
    /// Answers a read. `fail`: it cannot be read at the moment.
    pub fn answer(&mut self, shard: usize, read: &Effect, now: Now, fail: bool) {
        match read {
            Effect::ReadBacklog { slot, channel, partition, after, until } => {
                let backlog = if fail {
                    Backlog::Unavailable
                } else if *after < self.shared.pruned[partition.index()] {
                    Backlog::Lost
                } else {
                    // A piece, as the real projection gives it.
                    let mut entries = self.shared.range(channel, *partition, *after, *until);
                    let whole = entries.len() <= 5;
                    entries.truncate(5);
                    let reached = entries.last().map_or(*until, |entry| entry.serial.seq);
                    Backlog::Entries { entries, until: if whole { *until } else { reached } }
                };
                self.shards[shard].0.backlog(now, &self.shared, *slot, &channel.name, backlog);
            }
            Effect::FindRewind { slot, channel, partition, rewind, until } => {
                let start = self.rewind_start(channel, *partition, *rewind, *until);
                self.shards[shard].0.rewound(&self.shared, *slot, &channel.name, start);
            }
            _ => {}
        }
    }

    fn rewind_start(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        rewind: Rewind,
        until: u64,
    ) -> RewindStart {
        let Rewind::Count(mut wanted) = rewind else { return here(until) };
        let mut start = here(until);
        for entry in
            self.shared.range(channel, partition, self.shared.pruned[partition.index()], until).iter().rev()
        {
            if wanted == 0 {
                break;
            }
            let items = entry.messages().messages.len() as u32;
            let skip = items.saturating_sub(wanted) as u16;
            start = RewindStart { after: Serial::new(1, entry.serial.seq - 1), skip, backlog: true };
            wanted = wanted.saturating_sub(items);
        }
        start
    }
}

fn here(until: u64) -> RewindStart {
    RewindStart { after: Serial::new(1, until), skip: 0, backlog: false }
}
