//! The log seam: an ordered, durable, partitioned sequence of entries.
//!
//! [`Log`] is what an engine must be; its comments are the laws, `laws` (feature `laws`) tests them over any
//! engine, and [`memory::MemoryLog`] is the oracle. Nothing here is per channel and nothing reads backwards: that
//! is the projection's work.

pub mod entry;
pub mod error;
#[cfg(feature = "laws")]
pub mod laws;
pub mod memory;
pub mod window;

use std::sync::Arc;

pub use entry::{Appended, DedupeKey, Entry, EpochStart, Head, NewEntry, size_of_batch};
pub use error::{LogError, LogErrorKind};
use loquat_protocol::PartitionId;

/// Called once with the outcome of an append: one [`Appended`] per entry in the batch's order, or the error
/// that befell the whole batch. Runs on a thread of the engine, or, for an append that is refused at once, on the
/// caller's before `append` returns: it must be quick, must not block and must not need a lock that the caller holds.
pub type AppendDone = Box<dyn FnOnce(Result<Vec<Appended>, LogError>) + Send>;

/// Receives the entries of a partition as they become durable.
///
/// Runs on a thread of the engine: it must be quick and must not block.
pub trait FeedSink: Send + Sync + 'static {
    /// The next entries of the partition: their sequence numbers continue without a gap where the last call, or
    /// the `after` of [`Log::follow`], ended. Never called twice with the same entry, never concurrently for
    /// one partition.
    fn entries(&self, partition: PartitionId, entries: Vec<Entry>);

    /// What was given by [`FeedSink::entries`] since the last call is all for now, and the appends that it came from have
    /// been reported done. A follower can put off waking its readers until here, so that they are woken once.
    fn settled(&self) {}

    /// The engine cannot say at the moment whether there is more (link lost, quorum lost), or can again.
    fn stalled(&self, partition: PartitionId, stalled: bool);
}

/// What engines truly differ in, declared as data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Guarantees {
    /// An entry is given to the followers in this process before its append is reported done.
    pub feed_before_done: bool,
    /// How many machines may lose power at once without losing an acknowledged entry.
    pub power_losses_survived: u8,
}

/// Bounds of one read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReadLimit {
    /// Most entries returned.
    pub entries: usize,
    /// Reading stops after the entry with which the sum of body sizes reaches this many bytes, so that at
    /// least one entry is returned where there is one.
    pub bytes: usize,
}

/// An ordered, durable, partitioned log.
///
/// Laws, each a function in `laws`:
/// * **Durable** (DUR-1): when `done` is called with `Ok`, every entry of the batch survives the loss of as many
///   machines as [`Guarantees`] names, and kill -9 of any process.
/// * **Dense**: the first entry of a partition has sequence number 1, each next one is one higher; a truncated
///   head keeps its numbers and nothing is ever numbered twice, whatever is truncated, closed or killed.
/// * **Ordered** (ORD-1): entries appended by one thread to one partition are stored in the order of the calls;
///   a batch's entries are stored in the batch's order, with nothing of it stored when it fails with a kind other
///   than [`LogErrorKind::Unknown`].
/// * **Once** (DUP-1): two entries with one key in one partition, the second appended within the idempotency
///   window of the first, are stored once: the second is reported as a duplicate with the first's serial and
///   time, within a batch, across batches, after a restart and on any node.
/// * **Timed**: an entry's time is the later of its own and that of the entry before it.
/// * **Followed** (GAP-1, TAIL-1): a follower gets every entry after `after` once, in order, without needing
///   later appends to get the last one. Nothing is given that is not durable.
/// * **Truncated**: entries below `below` may be gone; head, epochs, dedupe window and followers are untouched.
/// * **Bounded** (MEM-1): the append queue has a bound in bytes; past it, `done` is called with
///   [`LogErrorKind::Overloaded`].
/// * **Fail-stop**: after a failed fsync nothing is acknowledged any more; the process must end.
pub trait Log: Send + Sync + 'static {
    /// What this engine promises beyond the laws.
    fn guarantees(&self) -> Guarantees;

    /// How many partitions there are; fixed when the log was made.
    fn partitions(&self) -> u16;

    /// Appends a batch to a partition and calls `done`, on success after the batch is durable. Never blocks.
    fn append(&self, partition: PartitionId, batch: Vec<NewEntry>, done: AppendDone);

    /// Appends batches to several partitions at once: the same as an append each, with one hand-over.
    fn append_many(&self, batches: Vec<(PartitionId, Vec<NewEntry>, AppendDone)>) {
        for (partition, batch, done) in batches {
            self.append(partition, batch, done);
        }
    }

    /// Reads forward from sequence number `from` (inclusive), at most `limit`. Entries that were truncated are
    /// left out, so the first one returned can be later than `from`. Blocks; not for a shard's thread.
    ///
    /// # Errors
    /// [`LogErrorKind::Unavailable`] (retry), [`LogErrorKind::Damaged`].
    fn read(&self, partition: PartitionId, from: u64, limit: ReadLimit) -> Result<Vec<Entry>, LogError>;

    /// The newest durable position, the epochs and the oldest entry still held. Blocks.
    ///
    /// # Errors
    /// [`LogErrorKind::Unavailable`].
    fn head(&self, partition: PartitionId) -> Result<Head, LogError>;

    /// Gives the entries after sequence number `after` to `sink`, from now until the log is closed. One
    /// follower per partition and process. Blocks until the follower is registered.
    ///
    /// # Errors
    /// [`LogErrorKind::Unavailable`], also when the partition has a follower already; [`LogErrorKind::Truncated`]
    /// when entries after `after` are gone; [`LogErrorKind::Damaged`] when the log ends before `after`.
    fn follow(&self, partition: PartitionId, after: u64, sink: Arc<dyn FeedSink>) -> Result<(), LogError>;

    /// Lets entries below sequence number `below` go. The caller has made sure that every durable cursor is at or
    /// above `below - 1`. Blocks.
    ///
    /// # Errors
    /// [`LogErrorKind::Unavailable`].
    fn truncate(&self, partition: PartitionId, below: u64) -> Result<(), LogError>;

    /// Finishes what was appended, then refuses further calls with [`LogErrorKind::Closed`]. Blocks.
    fn close(&self);
}
