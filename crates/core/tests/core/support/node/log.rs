//! The log: appends that wait, what is stored, and what shards are fed.

use std::sync::Arc;

use loquat_core::{effect::Append, feed::FeedEntry};
use loquat_protocol::{ErrorCode, PartitionId, Serial};

use super::Node;

impl Node {
    /// Makes up to `count` appends durable and reports them. Whether there was one.
    pub fn commit(&mut self, count: usize) -> bool {
        let due: Vec<_> = self.appends.drain(..count.min(self.appends.len())).collect();
        for (shard, append) in &due {
            let serial = self.store(append);
            if let Some(ticket) = append.ticket {
                self.shards[*shard].appended(ticket, Ok(serial), append.messages);
            }
        }
        !due.is_empty()
    }

    /// Refuses every append that waits.
    pub fn refuse(&mut self, code: ErrorCode) {
        for (shard, append) in std::mem::take(&mut self.appends) {
            if let Some(ticket) = append.ticket {
                self.shards[shard].appended(ticket, Err(code.into()), 0);
            }
        }
    }

    /// Stores an entry, or finds the one with its key.
    pub fn store(&mut self, append: &Append) -> Serial {
        if let Some(serial) = self.keys.get(&append.key) {
            return *serial;
        }
        let ring = &mut self.place.rings[append.partition.index()];
        let serial = Serial::new(1, ring.head().seq + 1);
        assert!(ring.push(FeedEntry::new(serial, append.time_ms, append.body.clone())));
        let entry = Arc::clone(ring.get(serial.seq).expect("the newest entry"));
        ring.evict(self.now.wall_ms);
        self.place.history[append.partition.index()].push(entry);
        self.keys.insert(append.key, serial);
        serial
    }

    /// Feeds a shard up to `count` entries of each partition. Whether there was one.
    pub fn feed(&mut self, shard: usize, count: usize) -> bool {
        let mut fed = false;
        for (partition, history) in self.place.history.iter().enumerate() {
            let partition = PartitionId(partition as u16);
            let from = self.shards[shard].cursor(partition).seq as usize;
            let until = from.saturating_add(count).min(history.len());
            assert!(self.shards[shard].entries(self.now, partition, &history[from..until]));
            fed |= until > from;
        }
        fed
    }
}
