//! The feed: what the log says, in rings that every shard reads at its own pace.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use loquat_core::{
    feed::{FeedEntry, Ring, RingLimits},
    world::{Continuity, Recent},
};
use loquat_log::{Entry, FeedSink, Head};
use loquat_protocol::{ChannelId, PartitionId, Serial};
use loquat_store::Retention;
use loquat_telemetry::{Law, Metrics};
use parking_lot::RwLock;

/// Wakes whoever follows the feed. Must be quick and must not block.
pub type OnEntries = Box<dyn Fn() + Send + Sync>;

/// One partition.
struct Partition {
    ring: RwLock<Ring>,
    /// The newest sequence number, readable without the lock.
    head_seq: AtomicU64,
    /// Entries up to here may have been removed by retention, by class of channel.
    pruned_seqs: [AtomicU64; Retention::ALL.len()],
    epochs: ArcSwap<Head>,
    stalled: AtomicBool,
}

/// The recent entries of every partition.
pub struct Feed {
    partitions: Vec<Partition>,
    /// Rises with every delivery, so that one load tells a shard whether there is anything new.
    version: AtomicU64,
    on_entries: OnceLock<OnEntries>,
    metrics: Arc<Metrics>,
}

impl Feed {
    /// Empty rings that continue at these heads.
    pub fn new(heads: Vec<Head>, limits: RingLimits, metrics: Arc<Metrics>) -> Self {
        let partition = |head: Head| Partition {
            ring: RwLock::new(Ring::new(head.serial, limits)),
            head_seq: AtomicU64::new(head.serial.seq),
            pruned_seqs: Default::default(),
            epochs: ArcSwap::from_pointee(head),
            stalled: AtomicBool::new(false),
        };
        Self {
            partitions: heads.into_iter().map(partition).collect(),
            version: AtomicU64::new(0),
            on_entries: OnceLock::new(),
            metrics,
        }
    }

    /// Sets who is woken. Once, before the log is followed.
    pub fn on_entries(&self, wake: OnEntries) {
        if self.on_entries.set(wake).is_err() {
            debug_assert!(false, "the feed's listener was set twice");
        }
    }

    /// Rises with every delivery.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// How many partitions there are.
    pub fn partitions(&self) -> impl Iterator<Item = PartitionId> + use<> {
        (0..self.partitions.len() as u16).map(PartitionId)
    }

    /// The newest entry of a partition.
    pub fn head(&self, partition: PartitionId) -> Serial {
        self.partitions[partition.index()].ring.read().head()
    }

    /// The newest sequence number of a partition, without a lock.
    pub fn head_seq(&self, partition: PartitionId) -> u64 {
        self.partitions[partition.index()].head_seq.load(Ordering::Acquire)
    }

    /// Appends entries after `after` to `out`, at most `limit`. `false` when some are no longer held.
    pub fn read(
        &self,
        partition: PartitionId,
        after: u64,
        limit: usize,
        out: &mut Vec<Arc<FeedEntry>>,
    ) -> bool {
        self.partitions[partition.index()].ring.read().read(after, limit, out)
    }

    /// See [`loquat_core::World::recent`].
    pub fn channel(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        after: u64,
        until: u64,
        newest: usize,
    ) -> Recent {
        let ring = self.partitions[partition.index()].ring.read();
        ring.channel(channel, after, until, newest).map_or(Recent::Evicted, Recent::Held)
    }

    /// Everything after this sequence number is held by the ring.
    pub fn floor_seq(&self, partition: PartitionId) -> u64 {
        self.partitions[partition.index()].ring.read().floor_seq()
    }

    /// See [`loquat_core::World::continuity`].
    pub fn continuity(&self, channel: &ChannelId, partition: PartitionId, serial: Serial) -> Continuity {
        let state = &self.partitions[partition.index()];
        let head = Head { serial: state.ring.read().head(), ..Head::clone(&state.epochs.load()) };
        if !head.descends_from(serial) {
            Continuity::Unknown
        } else if serial.seq
            < state.pruned_seqs[Retention::of(&channel.name) as usize].load(Ordering::Acquire)
        {
            Continuity::Expired
        } else {
            Continuity::Kept
        }
    }

    /// The epoch that a sequence number belongs to.
    pub fn serial_at(&self, partition: PartitionId, seq: u64) -> Serial {
        let epochs = self.partitions[partition.index()].epochs.load();
        let epoch = epochs
            .epochs
            .iter()
            .rev()
            .find(|start| start.first_seq <= seq.max(1))
            .map_or(1, |start| start.epoch);
        Serial::new(epoch, seq)
    }

    /// Retention has removed entries of a class of channels up to here.
    pub fn pruned(&self, partition: PartitionId, class: Retention, seq: u64) {
        self.partitions[partition.index()].pruned_seqs[class as usize].fetch_max(seq, Ordering::AcqRel);
    }

    /// Lets go what is beyond the rings' limits, and counts what is held.
    pub fn evict(&self, wall_ms: u64) {
        let (mut entries, mut bytes) = (0, 0);
        for (index, partition) in self.partitions.iter().enumerate() {
            let mut ring = partition.ring.write();
            ring.evict(wall_ms);
            let size = ring.size();
            entries += size.0;
            bytes += size.1;
            self.metrics.log_head(index as u32).set(ring.head().seq as i64);
        }
        self.metrics.ring_entries.set(entries as i64);
        self.metrics.ring_bytes.set(bytes as i64);
    }

    /// Whether the log cannot say at the moment what is new in some partition.
    pub fn is_stalled(&self) -> bool {
        self.partitions.iter().any(|partition| partition.stalled.load(Ordering::Relaxed))
    }
}

impl FeedSink for Feed {
    fn entries(&self, partition: PartitionId, entries: Vec<Entry>) {
        let state = &self.partitions[partition.index()];
        let entries: Vec<_> =
            entries.into_iter().map(|e| FeedEntry::new(e.serial, e.time_ms, e.body)).collect();
        let wall_ms = entries.last().map_or(0, |entry| entry.time_ms);
        let mut ring = state.ring.write();
        for entry in entries {
            if !ring.push(entry) {
                self.metrics.law_broken(Law::Gap1, "the log gave an entry out of sequence");
            }
        }
        ring.evict(wall_ms);
        state.head_seq.store(ring.head().seq, Ordering::Release);
        drop(ring);
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    fn settled(&self) {
        if let Some(wake) = self.on_entries.get() {
            wake();
        }
    }

    fn stalled(&self, partition: PartitionId, stalled: bool) {
        self.partitions[partition.index()].stalled.store(stalled, Ordering::Relaxed);
    }
}
