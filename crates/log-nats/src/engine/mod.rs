//! The engine: the log's trait over the partitions, with a thread of its own for the connection.

mod open;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    time::Duration,
};

use loquat_log::{
    AppendDone, Entry, FeedSink, Guarantees, Head, Log, LogError, LogErrorKind, NewEntry, ReadLimit,
    size_of_batch,
};
use loquat_protocol::PartitionId;
use parking_lot::Mutex;
use tokio::{
    runtime::{Handle, Runtime},
    task::JoinHandle,
};

use crate::{
    Options,
    append::{Batch, Counted, Done, Queue},
    envelope,
    follow::{Follower, Followers},
    partition::Partition,
};

/// What the headers of a publish need at most, in bytes.
const HEADERS_MAX: usize = 512;
/// How much longer than the duplicate window a truncated entry is kept, since nodes' and servers' clocks differ.
const CLOCKS_APART_MAX: Duration = Duration::from_secs(60);

/// The log on NATS JetStream.
///
/// The laws of [`Log`] hold across all processes that have the same log open. Beyond them:
/// * An append is tried for [`Options::append_deadline`]; while leaders are elected (4 to 13 seconds after a crash)
///   appends wait and then succeed. A batch of more than 1000 entries or 4 MiB, or with a key twice, is stored in
///   several pieces: if a later one fails, the batch is reported as [`LogErrorKind::Unknown`].
/// * Entries are out of sight as soon as they are truncated; their room is given back by a later call, when the
///   servers have forgotten their keys.
/// * `follow` gives what it has not seen within about a second, and says that it is stalled after five.
pub struct NatsLog {
    options: Arc<Options>,
    partitions: Vec<Arc<Partition>>,
    queues: Vec<Arc<Queue>>,
    queued_bytes: Arc<AtomicUsize>,
    power_losses_survived: u8,
    appenders: Mutex<Vec<JoinHandle<()>>>,
    followers: Followers,
    closed: AtomicBool,
    handle: Handle,
    /// Taken when dropped.
    runtime: Option<Runtime>,
}

impl NatsLog {
    /// Ends the epoch of every partition and begins the next one, as a restore from a backup must. A node that has
    /// not heard of it stores nothing under the old one; appends meanwhile are delayed. May be called again after a
    /// failure. Gives the highest new epoch. Blocks.
    ///
    /// # Errors
    /// [`LogErrorKind::Unavailable`].
    pub fn raise_epoch(&self) -> Result<u16, LogError> {
        let (partitions, options) = (self.partitions.clone(), Arc::clone(&self.options));
        self.block(async move {
            let mut highest = 1;
            for partition in partitions {
                highest = partition.raise_epoch(&options).await?.max(highest);
            }
            Ok(highest)
        })
    }

    fn partition(&self, partition: PartitionId) -> Result<Arc<Partition>, LogError> {
        let found = self.partitions.get(partition.index()).map(Arc::clone);
        found
            .ok_or_else(|| LogError::new(LogErrorKind::Damaged, format!("there is no partition {partition}")))
    }

    /// Runs work on the engine's thread and waits for it, on any thread but that one.
    fn block<T, F>(&self, work: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, LogError>> + Send + 'static,
    {
        if self.closed.load(SeqCst) {
            return Err(closed());
        }
        wait_for(&self.handle, work).unwrap_or_else(|| Err(closed()))
    }

    /// Why a batch cannot be taken at all.
    fn refusal(&self, batch: &[NewEntry]) -> Option<LogError> {
        let partition = self.partitions.first()?;
        let max = partition.link.message_bytes_max().saturating_sub(envelope::OVERHEAD + HEADERS_MAX);
        let largest = batch.iter().map(|entry| entry.body.len()).max().unwrap_or(0);
        (largest > max).then(|| {
            let why = format!("an entry of {largest} bytes is larger than the servers take ({max})");
            LogError::new(LogErrorKind::TooLarge, why)
        })
    }
}

/// Runs work on a runtime and waits without being part of any; `None` when the runtime ended before the work.
fn wait_for<T: Send + 'static>(handle: &Handle, work: impl Future<Output = T> + Send + 'static) -> Option<T> {
    let (tell, told) = mpsc::sync_channel(1);
    handle.spawn(async move {
        // Nobody waits any more if the caller's thread ended.
        let _ = tell.send(work.await);
    });
    told.recv().ok()
}

fn closed() -> LogError {
    LogError::new(LogErrorKind::Closed, "the log is closed")
}

impl Log for NatsLog {
    fn guarantees(&self) -> Guarantees {
        Guarantees { feed_before_done: false, power_losses_survived: self.power_losses_survived }
    }

    fn partitions(&self) -> u16 {
        self.options.partitions
    }

    fn append(&self, partition: PartitionId, batch: Vec<NewEntry>, done: AppendDone) {
        let Some(queue) = self.queues.get(partition.index()) else {
            return done(self.partition(partition).map(|_| Vec::new()));
        };
        if let Some(refusal) = self.refusal(&batch) {
            return done(Err(refusal));
        }
        let bytes = size_of_batch(&batch);
        let Some(counted) = Counted::take(&self.queued_bytes, bytes, self.options.queue_bytes_max) else {
            return done(Err(LogError::new(LogErrorKind::Overloaded, "the append queue is full")));
        };
        if let Err(refused) = queue.push(Batch { entries: batch, done: Done::new(done, counted) }) {
            refused.done.tell(Err(closed()));
        }
    }

    fn read(&self, partition: PartitionId, from: u64, limit: ReadLimit) -> Result<Vec<Entry>, LogError> {
        let partition = self.partition(partition)?;
        self.block(async move { partition.read(from, limit).await })
    }

    fn head(&self, partition: PartitionId) -> Result<Head, LogError> {
        let partition = self.partition(partition)?;
        self.block(async move { partition.head().await })
    }

    fn follow(&self, partition: PartitionId, after: u64, sink: Arc<dyn FeedSink>) -> Result<(), LogError> {
        let followed = self.partition(partition)?;
        let place = self.followers.take(partition)?;
        let follower = self.block(Follower::start(followed, after, sink))?;
        // `close` sets the flag before it ends the followers.
        if self.closed.load(SeqCst) {
            return Err(closed());
        }
        place.keep(self.handle.spawn(follower.run()));
        Ok(())
    }

    fn truncate(&self, partition: PartitionId, below: u64) -> Result<(), LogError> {
        let partition = self.partition(partition)?;
        let remembered = self.options.duplicate_window() + CLOCKS_APART_MAX;
        self.block(async move { partition.truncate(below, remembered).await })
    }

    fn close(&self) {
        self.queues.iter().for_each(|queue| queue.close());
        let appenders = std::mem::take(&mut *self.appenders.lock());
        wait_for(&self.handle, async move {
            for appender in appenders {
                // A panic there was one of somebody's callback, and was reported when it happened.
                let _ = appender.await;
            }
        });
        self.closed.store(true, SeqCst);
        self.followers.end();
    }
}

impl Drop for NatsLog {
    fn drop(&mut self) {
        // Not waiting: appends that are under way are reported as of unknown fate.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
