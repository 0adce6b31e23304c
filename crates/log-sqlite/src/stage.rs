//! What a commit will hold: decided in memory, before anything is written.
//!
//! Nothing here changes the log's own state, so a commit that fails leaves nothing to undo.

use hashbrown::HashMap;
use loquat_log::{
    Appended, DedupeKey, Entry, EpochStart, LogError, LogErrorKind, NewEntry,
    window::{First, Window},
};
use loquat_protocol::{PartitionId, Serial};

use crate::{keys::Stamped, recover};

/// Where a partition ends, for the writer alone.
#[derive(Clone, Copy)]
pub(crate) struct Tail {
    /// The current epoch.
    pub(crate) epoch: u16,
    /// The newest entry's sequence number.
    pub(crate) seq: u64,
    /// The newest entry's time.
    pub(crate) time_ms: u64,
}

/// The new entries of one partition.
pub(crate) struct Additions {
    pub(crate) entries: Vec<Entry>,
    /// The entries' ids and times, in the same order; they outlive the entries, which go to the follower.
    pub(crate) ids: Vec<Stamped>,
    pub(crate) tail: Tail,
}

/// The new entries of one commit. Kept between commits for its memory.
pub(crate) struct Stage {
    /// By partition; only those in `touched` hold anything.
    pub(crate) partitions: Vec<Additions>,
    pub(crate) touched: Vec<PartitionId>,
    /// Where the ids of this commit stand.
    firsts: HashMap<(PartitionId, DedupeKey), Appended>,
    /// How many entries are staged.
    count: usize,
    /// The newest entry time of the log, this commit included.
    pub(crate) newest_ms: u64,
}

impl Stage {
    pub(crate) fn new(tails: &[Tail]) -> Self {
        let additions = |&tail: &Tail| Additions { entries: Vec::new(), ids: Vec::new(), tail };
        Self {
            partitions: tails.iter().map(additions).collect(),
            touched: Vec::new(),
            firsts: HashMap::new(),
            count: 0,
            newest_ms: tails.iter().map(|tail| tail.time_ms).max().unwrap_or(0),
        }
    }

    /// Decides the outcome of a batch: what is stored and where, and what is a duplicate.
    pub(crate) fn add(
        &mut self,
        window: &mut Window,
        tails: &[Tail],
        epochs: &[EpochStart],
        partition: PartitionId,
        batch: Vec<NewEntry>,
    ) -> Result<Vec<Appended>, LogError> {
        if !self.has_room(window, partition, &batch) {
            return Err(LogError::new(LogErrorKind::Overloaded, "the idempotency window is full"));
        }
        let tail = tails[partition.index()];
        let additions = &mut self.partitions[partition.index()];
        let appended = batch.into_iter().map(|new| {
            let at = if additions.ids.is_empty() { tail } else { additions.tail };
            // SQLite keeps 63 bits.
            let time_ms = new.time_ms.min(i64::MAX as u64).max(at.time_ms);
            if let Some(&first) = self.firsts.get(&(partition, new.key))
                && window.spans(first.time_ms, time_ms)
            {
                return Appended { duplicate: true, ..first };
            }
            if let Some(First { seq, time_ms }) = window.find(partition, new.key, time_ms) {
                return Appended { serial: serial_of(epochs, seq), time_ms, duplicate: true };
            }
            if additions.ids.is_empty() {
                self.touched.push(partition);
            }
            let serial = Serial::new(tail.epoch, at.seq + 1);
            additions.tail = Tail { epoch: tail.epoch, seq: serial.seq, time_ms };
            additions.entries.push(Entry { serial, time_ms, body: new.body });
            additions.ids.push((new.key, time_ms));
            self.newest_ms = self.newest_ms.max(time_ms);
            let first = Appended { serial, time_ms, duplicate: false };
            self.count += 1;
            self.firsts.insert((partition, new.key), first);
            first
        });
        Ok(appended.collect())
    }

    /// Whether the ids of a batch can be remembered. Those that are known already need no room: who sends again what
    /// was stored gets an answer also when nothing new is taken.
    fn has_room(&self, window: &mut Window, partition: PartitionId, batch: &[NewEntry]) -> bool {
        // Time goes on with what is appended, stored or not; otherwise a full window would stay full.
        let now_ms = batch.iter().map(|new| new.time_ms).max().unwrap_or(0).max(self.newest_ms);
        if window.make_room(self.count + batch.len(), now_ms) {
            return true;
        }
        let unknown =
            batch.iter().filter(|new| window.find(partition, new.key, new.time_ms).is_none()).count();
        window.make_room(self.count + unknown, now_ms)
    }

    /// How many entries are staged.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Forgets everything, after a commit or instead of one.
    pub(crate) fn clear(&mut self, newest_ms: u64) {
        for partition in self.touched.drain(..) {
            self.partitions[partition.index()].entries.clear();
            self.partitions[partition.index()].ids.clear();
        }
        self.firsts.clear();
        self.count = 0;
        self.newest_ms = newest_ms;
    }
}

/// The serial of an entry that is stored.
fn serial_of(epochs: &[EpochStart], seq: u64) -> Serial {
    Serial::new(recover::epoch_of(epochs, seq), seq)
}
