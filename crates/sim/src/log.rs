//! The modelled log: appends wait, become durable in order, and are reported after that.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use loquat_core::{
    effect::{Append, Ticket},
    feed::FeedEntry,
};
use loquat_protocol::{PartitionId, Serial};

use crate::rng::Rng;

/// An outcome to report to the shard that asked.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Which shard.
    pub shard: usize,
    /// Who waits.
    pub ticket: Ticket,
    /// Where the entry stands.
    pub serial: Serial,
    /// How many messages it holds.
    pub messages: usize,
}

/// What is on the disk, and what is on its way there.
#[derive(Debug)]
pub struct Log {
    stored: Vec<Vec<Arc<FeedEntry>>>,
    keys: HashMap<(PartitionId, [u8; 16]), Serial>,
    waiting: VecDeque<(usize, Append)>,
}

impl Log {
    /// An empty log.
    pub fn new(partitions: u16) -> Self {
        let stored = (0..partitions).map(|_| Vec::new()).collect();
        Self { stored, keys: HashMap::new(), waiting: VecDeque::new() }
    }

    /// Takes an append of a shard.
    pub fn append(&mut self, shard: usize, append: Append) {
        self.waiting.push_back((shard, append));
    }

    /// How many appends wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Makes up to `count` appends durable, and gives what is to be reported.
    pub fn commit(&mut self, count: usize) -> Vec<Outcome> {
        let due: Vec<_> = self.waiting.drain(..count.min(self.waiting.len())).collect();
        let mut outcomes = Vec::new();
        for (shard, append) in due {
            let (ticket, messages) = (append.ticket, append.messages);
            let serial = self.store(append);
            outcomes.extend(ticket.map(|ticket| Outcome { shard, ticket, serial, messages }));
        }
        outcomes
    }

    fn store(&mut self, append: Append) -> Serial {
        let Append { partition, key, time_ms, body, .. } = append;
        if let Some(first) = self.keys.get(&(partition, key)) {
            return *first;
        }
        let entries = &mut self.stored[partition.index()];
        let serial = Serial::new(1, entries.len() as u64 + 1);
        let time_ms = time_ms.max(entries.last().map_or(0, |entry| entry.time_ms));
        entries.push(Arc::new(FeedEntry::new(serial, time_ms, body)));
        self.keys.insert((partition, key), serial);
        serial
    }

    /// The process dies: of what was not reported, a beginning may have become durable; the rest is lost.
    pub fn crash(&mut self, rng: &mut Rng) {
        let kept = rng.below(self.waiting.len() + 1);
        self.commit(kept);
        self.waiting.clear();
    }

    /// The durable entries of a partition; the one with sequence number n is at n - 1.
    pub fn entries(&self, partition: PartitionId) -> &[Arc<FeedEntry>] {
        &self.stored[partition.index()]
    }

    /// Where each partition ends.
    pub fn heads(&self) -> Vec<Serial> {
        self.stored.iter().map(|entries| Serial::new(1, entries.len() as u64)).collect()
    }

    /// Every partition.
    pub fn partitions(&self) -> impl Iterator<Item = PartitionId> + use<> {
        (0..self.stored.len() as u16).map(PartitionId)
    }
}
