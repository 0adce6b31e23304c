//! The idempotency window, shared by the engines that keep it in memory.
//!
//! The window law: an id is found by everything that is appended to its partition up to [`WindowOptions::span_ms`]
//! after it, by entry time, and never later. It is forgotten only after that, whatever the bound.

use std::collections::VecDeque;

use hashbrown::HashTable;
use loquat_protocol::PartitionId;

use crate::DedupeKey;

/// Bounds of a [`Window`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WindowOptions {
    /// How long an id is remembered, in milliseconds of entry time.
    pub span_ms: u64,
    /// Most ids remembered, over all partitions; about 35 bytes each.
    pub ids_max: usize,
}

impl Default for WindowOptions {
    /// Ten minutes and four million ids.
    fn default() -> Self {
        Self { span_ms: 600_000, ids_max: 4_000_000 }
    }
}

/// Where the first entry with a key stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct First {
    /// Its sequence number.
    pub seq: u64,
    /// Its time, milliseconds since 1970.
    pub time_ms: u64,
}

/// The ids of the entries of all partitions that a later append may repeat.
///
/// Each stored entry has one id, and a partition's entries are numbered without a gap; so a partition's ids are a
/// queue in which the place tells the sequence number, with an index of 5 bytes a slot beside it.
pub struct Window {
    options: WindowOptions,
    partitions: Vec<Ids>,
    held: usize,
}

impl Window {
    /// An empty window over so many partitions.
    pub fn new(options: WindowOptions, partitions: u16) -> Self {
        Self { options, partitions: (0..partitions).map(|_| Ids::default()).collect(), held: 0 }
    }

    /// How many ids are held, expired ones that nobody has asked about included.
    pub fn len(&self) -> usize {
        self.held
    }

    /// Whether no id is held.
    pub fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// The entry of `partition` with `key` that an entry at `time_ms` would repeat.
    pub fn find(&self, partition: PartitionId, key: DedupeKey, time_ms: u64) -> Option<First> {
        let ids = &self.partitions[partition.index()];
        let first = ids.find(key)?;
        self.spans(first.time_ms, time_ms).then_some(first)
    }

    /// Whether an entry at `time_ms` can repeat one at `first_ms`.
    pub fn spans(&self, first_ms: u64, time_ms: u64) -> bool {
        time_ms.saturating_sub(first_ms) <= self.options.span_ms
    }

    /// Makes room for `count` more ids by letting go of expired ones, those of idle partitions included: an id is
    /// expired when `now_ms`, the newest entry time in any partition, is past its span. False when there is no room.
    pub fn make_room(&mut self, count: usize, now_ms: u64) -> bool {
        let fits = |held: usize| held + count <= self.options.ids_max;
        for ids in &mut self.partitions {
            while !fits(self.held) && ids.drop_expired(now_ms, self.options.span_ms) {
                self.held -= 1;
            }
        }
        fits(self.held)
    }

    /// Makes space for `count` ids of `partition` at once, as a rebuild wants it.
    pub fn reserve(&mut self, partition: PartitionId, count: usize) {
        let ids = &mut self.partitions[partition.index()];
        ids.queue.reserve(count);
        let (queue, first_seq) = (&ids.queue, ids.first_seq);
        ids.index.reserve(count, |&slot| hash(queue[place(slot, first_seq)].key));
    }

    /// Remembers an entry that was stored, and lets go of at most two that are expired, so that no insert is slow.
    ///
    /// # Panics
    /// When `seq` isn't the number after the one inserted last into the partition: entries are dense.
    pub fn insert(&mut self, partition: PartitionId, key: DedupeKey, first: First) {
        let ids = &mut self.partitions[partition.index()];
        ids.push(key, first);
        self.held += 1;
        for _ in 0..2 {
            if ids.drop_expired(first.time_ms, self.options.span_ms) {
                self.held -= 1;
            }
        }
    }

    /// The sequence number that the next id of `partition` must have; none while it holds no id.
    pub fn next_seq(&self, partition: PartitionId) -> Option<u64> {
        let ids = &self.partitions[partition.index()];
        (!ids.queue.is_empty()).then(|| ids.first_seq + ids.queue.len() as u64)
    }
}

/// The ids of one partition.
#[derive(Default)]
struct Ids {
    /// The sequence number of the front of `queue`.
    first_seq: u64,
    queue: VecDeque<Id>,
    /// The low half of the sequence number of the newest entry with each key.
    index: HashTable<u32>,
}

struct Id {
    key: DedupeKey,
    time_ms: u64,
}

impl Ids {
    fn find(&self, key: DedupeKey) -> Option<First> {
        let same = |slot: &u32| self.queue[place(*slot, self.first_seq)].key == key;
        let at = place(*self.index.find(hash(key), same)?, self.first_seq);
        Some(First { seq: self.first_seq + at as u64, time_ms: self.queue[at].time_ms })
    }

    fn push(&mut self, key: DedupeKey, first: First) {
        if self.queue.is_empty() {
            self.first_seq = first.seq;
        }
        assert_eq!(first.seq, self.first_seq + self.queue.len() as u64, "entries are dense");
        self.queue.push_back(Id { key, time_ms: first.time_ms });
        let (queue, first_seq) = (&self.queue, self.first_seq);
        let same = |slot: &u32| queue[place(*slot, first_seq)].key == key;
        let rehash = |slot: &u32| hash(queue[place(*slot, first_seq)].key);
        // An older entry with the key is expired: the newer one takes its place in the index.
        *self.index.entry(hash(key), same, rehash).or_insert(0).get_mut() = first.seq as u32;
    }

    /// Lets the oldest id go if it is expired at `now_ms`.
    fn drop_expired(&mut self, now_ms: u64, span_ms: u64) -> bool {
        let Some(oldest) = self.queue.front() else { return false };
        if now_ms.saturating_sub(oldest.time_ms) <= span_ms {
            return false;
        }
        let slot = self.first_seq as u32;
        // Absent when a newer entry has taken the key over.
        if let Ok(entry) = self.index.find_entry(hash(oldest.key), |&other| other == slot) {
            entry.remove();
        }
        self.queue.pop_front();
        self.first_seq += 1;
        true
    }
}

/// The place in the queue of the entry whose sequence number ends in `slot`; a queue is far shorter than 2^32.
fn place(slot: u32, first_seq: u64) -> usize {
    slot.wrapping_sub(first_seq as u32) as usize
}

/// Keys are hashes already; folding them spreads test keys that aren't.
fn hash(key: DedupeKey) -> u64 {
    let wide = u128::from_le_bytes(key.0);
    let (low, high) = (wide as u64, (wide >> 64) as u64);
    let folded = u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xd1b5_4a32_d192_ed03);
    folded as u64 ^ (folded >> 64) as u64
}
