//! What the log's threads share about each partition.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use loquat_log::{EpochStart, FeedSink, Head};
use loquat_protocol::{PartitionId, Serial};
use parking_lot::{Mutex, MutexGuard};

/// Who gets a partition's entries.
pub(crate) enum Follower {
    None,
    /// The catch-up thread delivers; it has delivered everything below `next`.
    CatchingUp {
        next: u64,
    },
    /// The writer delivers what it commits.
    Live(Arc<dyn FeedSink>),
}

/// The durable state of a partition, and its follower.
pub(crate) struct Partition {
    pub(crate) serial: Serial,
    pub(crate) time_ms: u64,
    pub(crate) first_seq: u64,
    pub(crate) epochs: Arc<[EpochStart]>,
    pub(crate) follower: Follower,
}

impl Partition {
    pub(crate) fn epoch(&self) -> u16 {
        self.epochs.last().map_or(1, |start| start.epoch)
    }

    /// Notes that nothing below `first_seq` is held.
    pub(crate) fn truncated(&mut self, first_seq: u64) {
        self.first_seq = first_seq;
        if first_seq > self.serial.seq {
            // Without entries the head is (current epoch, last sequence number).
            self.serial.epoch = self.epoch();
        }
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            serial: self.serial,
            time_ms: self.time_ms,
            first_seq: self.first_seq,
            epochs: Arc::clone(&self.epochs),
        }
    }
}

/// Every partition, each under its own lock. A lock is held for a few instructions, never across I/O or a callback.
pub(crate) struct State {
    partitions: Vec<Mutex<Partition>>,
    closed: AtomicBool,
}

impl State {
    pub(crate) fn new(partitions: Vec<Partition>) -> Self {
        Self { partitions: partitions.into_iter().map(Mutex::new).collect(), closed: AtomicBool::new(false) }
    }

    pub(crate) fn lock(&self, partition: PartitionId) -> MutexGuard<'_, Partition> {
        self.partitions[partition.index()].lock()
    }

    pub(crate) fn len(&self) -> u16 {
        self.partitions.len() as u16
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = PartitionId> + use<> {
        (0..self.len()).map(PartitionId)
    }

    /// Whether reads, follows and truncations are refused.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(SeqCst)
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, SeqCst);
    }
}
