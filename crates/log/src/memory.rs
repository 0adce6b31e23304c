//! The oracle: a log in memory.
//!
//! As simple as the laws allow, so that it is right by reading. Nothing survives the process, but [`MemoryLog::crash`]
//! gives what would have been on a disk to a new log.

mod partition;
mod worker;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
        mpsc,
    },
    thread::JoinHandle,
};

use loquat_protocol::PartitionId;
use parking_lot::Mutex;

use self::{partition::Partition, worker::Command};
use crate::{
    AppendDone, Entry, FeedSink, Guarantees, Head, Log, LogError, LogErrorKind, NewEntry, ReadLimit,
    size_of_batch,
};

/// How a [`MemoryLog`] is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryOptions {
    /// How many partitions there are.
    pub partitions: u16,
    /// The idempotency window, in milliseconds of entry time.
    pub window_ms: u64,
    /// Bound of the append queue, in bytes.
    pub queue_bytes_max: usize,
}

impl Default for MemoryOptions {
    fn default() -> Self {
        Self { partitions: 16, window_ms: 600_000, queue_bytes_max: 64 << 20 }
    }
}

/// Most commands that wait; the bound in bytes is usually nearer.
const COMMANDS_MAX: usize = 1 << 14;

type Stored = Arc<Mutex<Vec<Partition>>>;

/// A log in memory, with one thread that appends, feeds and reports.
pub struct MemoryLog {
    options: MemoryOptions,
    stored: Stored,
    queued_bytes: Arc<AtomicUsize>,
    /// None once closed.
    commands: Mutex<Option<mpsc::SyncSender<Command>>>,
    worker: Mutex<Option<JoinHandle<()>>>,
}

impl MemoryLog {
    /// An empty log.
    pub fn new(options: MemoryOptions) -> Self {
        let partitions = (0..options.partitions).map(|_| Partition::default()).collect();
        Self::over(options, Arc::new(Mutex::new(partitions)))
    }

    /// Ends this log as a crash would, and opens another over what was stored. What was appended and not yet
    /// reported may be there or not.
    pub fn crash(&self) -> Self {
        self.commands.lock().take();
        let stored = Arc::new(Mutex::new(self.stored.lock().clone()));
        Self::over(self.options, stored)
    }

    /// Begins a new epoch in every partition, as a restore from a backup does, and gives its number.
    pub fn raise_epoch(&self) -> u16 {
        let mut stored = self.stored.lock();
        stored.iter_mut().for_each(Partition::raise_epoch);
        stored.first().map_or(1, |partition| partition.head().serial.epoch)
    }

    fn over(options: MemoryOptions, stored: Stored) -> Self {
        let (commands, queue) = mpsc::sync_channel(COMMANDS_MAX);
        let queued_bytes = Arc::new(AtomicUsize::new(0));
        let worker = worker::start(options, Arc::clone(&stored), Arc::clone(&queued_bytes), queue);
        Self {
            options,
            stored,
            queued_bytes,
            commands: Mutex::new(Some(commands)),
            worker: Mutex::new(Some(worker)),
        }
    }

    fn send(&self, command: Command) -> Result<(), (Command, LogError)> {
        let commands = self.commands.lock();
        let Some(commands) = &*commands else { return Err((command, closed())) };
        commands.try_send(command).map_err(|refused| match refused {
            mpsc::TrySendError::Full(command) => (command, overloaded()),
            mpsc::TrySendError::Disconnected(command) => (command, closed()),
        })
    }
}

fn closed() -> LogError {
    LogError::new(LogErrorKind::Closed, "the log is closed")
}

fn overloaded() -> LogError {
    LogError::new(LogErrorKind::Overloaded, "the append queue is full")
}

impl Log for MemoryLog {
    fn guarantees(&self) -> Guarantees {
        Guarantees { feed_before_done: true, power_losses_survived: 0 }
    }

    fn partitions(&self) -> u16 {
        self.options.partitions
    }

    fn append(&self, partition: PartitionId, batch: Vec<NewEntry>, done: AppendDone) {
        let bytes = size_of_batch(&batch);
        if self.queued_bytes.fetch_add(bytes, Relaxed) + bytes > self.options.queue_bytes_max {
            self.queued_bytes.fetch_sub(bytes, Relaxed);
            return done(Err(overloaded()));
        }
        let sent = self.send(Command::Append { partition, batch, bytes, done });
        if let Err((Command::Append { done, .. }, error)) = sent {
            self.queued_bytes.fetch_sub(bytes, Relaxed);
            done(Err(error));
        }
    }

    fn read(&self, partition: PartitionId, from: u64, limit: ReadLimit) -> Result<Vec<Entry>, LogError> {
        if self.commands.lock().is_none() {
            return Err(closed());
        }
        Ok(self.stored.lock()[partition.index()].read(from, limit))
    }

    fn head(&self, partition: PartitionId) -> Result<Head, LogError> {
        if self.commands.lock().is_none() {
            return Err(closed());
        }
        Ok(self.stored.lock()[partition.index()].head())
    }

    fn follow(&self, partition: PartitionId, after: u64, sink: Arc<dyn FeedSink>) -> Result<(), LogError> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.send(Command::Follow { partition, after, sink, reply }).map_err(|(_, error)| error)?;
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    fn truncate(&self, partition: PartitionId, below: u64) -> Result<(), LogError> {
        if self.commands.lock().is_none() {
            return Err(closed());
        }
        self.stored.lock()[partition.index()].truncate(below);
        Ok(())
    }

    fn close(&self) {
        self.commands.lock().take();
        let worker = self.worker.lock().take();
        if let Some(worker) = worker {
            // A panic of the worker was a panic of somebody's callback, and was reported when it happened.
            let _ = worker.join();
        }
    }
}

impl Drop for MemoryLog {
    fn drop(&mut self) {
        self.commands.lock().take();
    }
}
