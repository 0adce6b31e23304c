//! The engine: hands over to its threads, and closes.

mod open;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::Relaxed, mpsc},
    thread::{self, JoinHandle},
};

use loquat_log::{
    AppendDone, Entry, FeedSink, Guarantees, Head, Log, LogError, LogErrorKind, NewEntry, ReadLimit,
    size_of_batch,
};
use loquat_protocol::PartitionId;
use parking_lot::Mutex;

use crate::{
    bodies::Bodies,
    error::closed,
    feed::Feed,
    queue::{Control, Job, Queue},
    reader::Readers,
    state::State,
    writer::Counters,
};

/// A log in one SQLite file; see [`Log`] for what it promises.
///
/// One thread writes, one gives followers their backlog. Dropping it closes it.
pub struct SqliteLog {
    file: PathBuf,
    entry_bytes_max: usize,
    queue_bytes_max: usize,
    instance: [u8; 16],
    queue: Arc<Queue>,
    state: Arc<State>,
    readers: Arc<Readers>,
    feed: Feed,
    counters: Arc<Counters>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What a log has done since it was opened, and what waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stats {
    /// Group commits, each one sync.
    pub commits: u64,
    /// Entries stored.
    pub entries: u64,
    /// Times the write-ahead log was copied into the database.
    pub checkpoints: u64,
    /// Bytes that wait or are being committed.
    pub queue_bytes: usize,
}

impl SqliteLog {
    /// A number made at random when the log was made: tells one log from another.
    pub fn instance(&self) -> [u8; 16] {
        self.instance
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// What the log has done.
    pub fn stats(&self) -> Stats {
        Stats {
            commits: self.counters.commits.load(Relaxed),
            entries: self.counters.entries.load(Relaxed),
            checkpoints: self.counters.checkpoints.load(Relaxed),
            queue_bytes: self.queue.bytes(),
        }
    }

    /// Begins a new epoch in every partition, from the entry after its head, and gives its number. A restore calls
    /// this before anything is appended, so that no serial of the abandoned tail is issued again. Blocks.
    ///
    /// # Errors
    /// [`LogErrorKind::Full`], [`LogErrorKind::Unavailable`], [`LogErrorKind::Closed`].
    pub fn raise_epoch(&self) -> Result<u16, LogError> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.queue.push_control(Control::RaiseEpoch { reply });
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    fn job(&self, partition: PartitionId, batch: Vec<NewEntry>, done: AppendDone) -> Option<Job> {
        let bytes = size_of_batch(&batch);
        let largest = batch.iter().map(|entry| entry.body.len()).max().unwrap_or(0);
        let problem = if largest > self.entry_bytes_max {
            format!("an entry of {largest} bytes, and {} is the most", self.entry_bytes_max)
        } else if bytes > self.queue_bytes_max {
            format!("a batch of {bytes} bytes, and {} is the most", self.queue_bytes_max)
        } else if partition.0 >= self.state.len() {
            format!("there is no partition {partition}")
        } else {
            return Some(Job { partition, batch, bytes, done });
        };
        done(Err(LogError::new(LogErrorKind::TooLarge, problem)));
        None
    }

    fn hand_over(&self, jobs: impl IntoIterator<Item = Job>) {
        for (job, error) in self.queue.push(jobs) {
            (job.done)(Err(error));
        }
    }

    fn check_open(&self, partition: PartitionId) -> Result<(), LogError> {
        if self.state.is_closed() {
            return Err(closed());
        }
        if partition.0 >= self.state.len() {
            return Err(LogError::new(
                LogErrorKind::Unavailable,
                format!("there is no partition {partition}"),
            ));
        }
        Ok(())
    }
}

impl Log for SqliteLog {
    fn guarantees(&self) -> Guarantees {
        // One machine that loses power and comes back with its disk.
        Guarantees { feed_before_done: true, power_losses_survived: 1 }
    }

    fn partitions(&self) -> u16 {
        self.state.len()
    }

    fn append(&self, partition: PartitionId, batch: Vec<NewEntry>, done: AppendDone) {
        self.hand_over(self.job(partition, batch, done));
    }

    fn append_many(&self, batches: Vec<(PartitionId, Vec<NewEntry>, AppendDone)>) {
        let jobs: Vec<_> = batches
            .into_iter()
            .filter_map(|(partition, batch, done)| self.job(partition, batch, done))
            .collect();
        self.hand_over(jobs);
    }

    fn read(&self, partition: PartitionId, from: u64, limit: ReadLimit) -> Result<Vec<Entry>, LogError> {
        self.check_open(partition)?;
        self.readers.read(partition, from, limit, &mut Bodies::default())
    }

    fn head(&self, partition: PartitionId) -> Result<Head, LogError> {
        self.check_open(partition)?;
        Ok(self.state.lock(partition).head())
    }

    fn follow(&self, partition: PartitionId, after: u64, sink: Arc<dyn FeedSink>) -> Result<(), LogError> {
        self.check_open(partition)?;
        self.feed.follow(partition, after, sink)
    }

    fn truncate(&self, partition: PartitionId, below: u64) -> Result<(), LogError> {
        self.check_open(partition)?;
        let (reply, answer) = mpsc::sync_channel(1);
        self.queue.push_control(Control::Truncate { partition, below, reply });
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    fn close(&self) {
        self.queue.close();
        self.state.close();
        self.feed.close();
        self.readers.close();
        let writer = self.writer.lock().take();
        // A panic of the writer was somebody's callback, and was reported when it happened.
        writer.filter(|writer| writer.thread().id() != thread::current().id()).map(JoinHandle::join);
    }
}

impl Drop for SqliteLog {
    fn drop(&mut self) {
        self.close();
    }
}
