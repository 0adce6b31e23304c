//! The projection, and its answers to what shards ask of it.

use std::sync::Arc;

use loquat_core::{
    Effect, Now,
    feed::FeedEntry,
    shard::{Backlog, RewindStart},
};
use loquat_protocol::{ChannelId, PartitionId, Serial, entry::EntryKind, params::Rewind};

use super::{Node, Place};

impl Place {
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
        self.history[partition.index()].iter().filter(wanted).cloned().collect()
    }

    fn rewind_start(
        &self,
        now: Now,
        channel: &ChannelId,
        partition: PartitionId,
        rewind: Rewind,
        until: u64,
    ) -> RewindStart {
        let mut start = RewindStart { after: Serial::new(1, until), skip: 0, backlog: false };
        let mut wanted = match rewind {
            Rewind::Count(count) => count as usize,
            Rewind::Span { count_max, .. } => count_max as usize,
        };
        for entry in self.range(channel, partition, 0, until).iter().rev() {
            let too_old = matches!(rewind, Rewind::Span { ms, .. } if entry.time_ms + ms < now.wall_ms);
            if wanted == 0 || too_old {
                break;
            }
            let items = entry.messages().messages.len();
            let skip = items.saturating_sub(wanted) as u16;
            start = RewindStart { after: Serial::new(1, entry.serial.seq - 1), skip, backlog: true };
            wanted = wanted.saturating_sub(items);
        }
        start
    }
}

impl Node {
    /// Answers up to `count` reads of the projection. Whether there was one.
    pub fn answer(&mut self, count: usize) -> bool {
        let due: Vec<_> = self.reads.drain(..count.min(self.reads.len())).collect();
        for (shard, read) in &due {
            self.answer_one(*shard, read);
        }
        !due.is_empty()
    }

    /// Answers one read.
    pub fn answer_one(&mut self, shard: usize, read: &Effect) {
        match read {
            Effect::ReadBacklog { slot, channel, partition, after, until } => {
                let backlog = match *after < self.place.pruned_seq {
                    true => Backlog::Lost,
                    false => {
                        let entries = self.place.range(channel, *partition, *after, *until);
                        Backlog::Entries { entries, until: *until }
                    }
                };
                self.shards[shard].backlog(self.now, &self.place, *slot, &channel.name, backlog);
            }
            Effect::FindRewind { slot, channel, partition, rewind, until } => {
                let start = self.place.rewind_start(self.now, channel, *partition, *rewind, *until);
                self.shards[shard].rewound(&self.place, *slot, &channel.name, start);
            }
            other => panic!("no read: {other:?}"),
        }
    }
}
