//! The one thread that writes: takes what waits, commits once, feeds followers, then acknowledges.

use std::{
    collections::VecDeque,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use loquat_log::{
    AppendDone, Appended, FeedSink, LogError, LogErrorKind,
    window::{First, Window},
};
use loquat_protocol::PartitionId;
use rusqlite::Connection;

use crate::{
    commit::Statements,
    error::Failure,
    gather::{COMPANY, Gather},
    options::Options,
    queue::{Control, Job, Queue},
    space::Space,
    stage::{Stage, Tail},
    state::{Follower, State},
    trim::{self, Trim, Trims},
    wal::Wal,
};

/// A batch whose outcome is decided and waits for its commit.
struct Decided {
    done: AppendDone,
    outcome: Result<Vec<Appended>, LogError>,
    bytes: usize,
}

/// What the writer has counted since the log was opened.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) entries: AtomicU64,
    pub(crate) checkpoints: AtomicU64,
}

/// What the writer thread is given.
pub(crate) struct Parts {
    pub(crate) options: Options,
    pub(crate) queue: Arc<Queue>,
    pub(crate) state: Arc<State>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) window: Window,
    pub(crate) wal: Wal,
    pub(crate) space: Space,
}

struct Writer<'c> {
    parts: Parts,
    connection: &'c Connection,
    statements: Statements<'c>,
    tails: Vec<Tail>,
    stage: Stage,
    jobs: VecDeque<Job>,
    decided: Vec<Decided>,
    /// Followers that were given something by this commit.
    fed: Vec<Arc<dyn FeedSink>>,
    gather: Gather,
    trims: Trims,
    /// Whether the database has room for what the write-ahead log can hold.
    has_space: bool,
}

/// Runs until the queue is closed and empty, or the outcome of a commit can't be known: then `on_fatal` is told.
pub(crate) fn run(connection: Connection, parts: Parts) {
    let on_fatal = Arc::clone(&parts.options.on_fatal);
    // A callback that panics must not leave a log that takes appends and never answers.
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| run_with(connection, parts)));
    if ended.is_err() {
        on_fatal("the writer panicked");
    }
}

fn run_with(connection: Connection, parts: Parts) {
    let on_fatal = Arc::clone(&parts.options.on_fatal);
    let parts = match Writer::new(&connection, parts) {
        Ok(mut writer) => {
            if let Err(reason) = writer.run() {
                writer.stop(&reason);
            }
            writer.parts
        }
        Err(error) => return on_fatal(&error.to_string()),
    };
    // The copier's connection first: the last one to go takes the write-ahead log with it.
    drop(parts);
    drop(connection);
}

impl<'c> Writer<'c> {
    fn new(connection: &'c Connection, parts: Parts) -> rusqlite::Result<Self> {
        let statements = Statements::prepare(connection, parts.state.len())?;
        let tail = |id: PartitionId| {
            let partition = parts.state.lock(id);
            Tail { epoch: partition.epoch(), seq: partition.serial.seq, time_ms: partition.time_ms }
        };
        let tails: Vec<_> = parts.state.ids().map(tail).collect();
        Ok(Self {
            connection,
            statements,
            stage: Stage::new(&tails),
            tails,
            jobs: VecDeque::new(),
            decided: Vec::new(),
            fed: Vec::new(),
            gather: Gather::new(parts.options.gather),
            trims: Trims::new(),
            has_space: false,
            parts,
        })
    }

    fn run(&mut self) -> Result<(), String> {
        let mut controls = Vec::new();
        loop {
            let idle = self.jobs.is_empty() && self.trims.is_empty();
            if !self.parts.queue.take(&mut self.jobs, &mut controls, idle) && self.trims.is_empty() {
                return Ok(());
            }
            for control in controls.drain(..) {
                self.control(control)?;
            }
            if let Some(until) = self.gather.until(self.jobs.len(), Instant::now()) {
                self.parts.queue.gather(&mut self.jobs, COMPANY, until);
            }
            self.commit()?;
            self.trim()?;
            self.parts.wal.tend();
        }
    }

    /// One group commit of what waits, up to its bounds.
    fn commit(&mut self) -> Result<(), String> {
        self.decide();
        if self.parts.options.faults.ack_before_commit {
            self.acknowledge();
        }
        if self.stage.len() > 0 {
            self.gather.begins(&self.stage.touched, Instant::now());
            match self.write() {
                Ok(()) => self.publish(),
                Err(Failure::RolledBack(error)) => self.refuse(&error),
                Err(Failure::Fatal(reason)) => return Err(reason),
            }
        }
        self.acknowledge();
        self.fed.drain(..).for_each(|sink| sink.settled());
        self.stage.clear(self.tails.iter().map(|tail| tail.time_ms).max().unwrap_or(0));
        Ok(())
    }

    fn write(&mut self) -> Result<(), Failure> {
        if !self.has_space {
            self.has_space = self.parts.space.is_enough(self.connection)?;
        }
        if !self.has_space {
            return Err(Failure::RolledBack(LogError::new(LogErrorKind::Full, "the disk is full")));
        }
        let span_ms = self.parts.options.window.span_ms;
        let stage = &self.stage;
        self.statements.transaction(|statements| statements.write(stage, span_ms))
    }

    fn decide(&mut self) {
        let options = &self.parts.options;
        let mut bytes = 0;
        while bytes < options.commit_bytes_max && self.stage.len() < options.commit_entries_max {
            let Some(job) = self.jobs.pop_front() else { return };
            bytes += job.bytes;
            let epochs = Arc::clone(&self.parts.state.lock(job.partition).epochs);
            let outcome =
                self.stage.add(&mut self.parts.window, &self.tails, &epochs, job.partition, job.batch);
            self.decided.push(Decided { done: job.done, outcome, bytes: job.bytes });
        }
    }

    /// What was staged is durable: show it, feed it, remember its ids.
    fn publish(&mut self) {
        self.parts.counters.commits.fetch_add(1, Relaxed);
        self.parts.counters.entries.fetch_add(self.stage.len() as u64, Relaxed);
        for &id in &self.stage.touched {
            let additions = &mut self.stage.partitions[id.index()];
            let entries = std::mem::take(&mut additions.entries);
            let Some(newest) = entries.last() else { continue };
            let mut partition = self.parts.state.lock(id);
            let first_seq = partition.serial.seq + 1;
            (partition.serial, partition.time_ms) = (newest.serial, newest.time_ms);
            let live = match &partition.follower {
                Follower::Live(sink) => Some(Arc::clone(sink)),
                _ => None,
            };
            drop(partition);
            self.tails[id.index()] = additions.tail;
            for (seq, &(key, time_ms)) in (first_seq..).zip(&additions.ids) {
                self.parts.window.insert(id, key, First { seq, time_ms });
            }
            if let Some(sink) = live {
                sink.entries(id, entries);
                if !self.fed.iter().any(|fed| Arc::ptr_eq(fed, &sink)) {
                    self.fed.push(sink);
                }
            }
        }
    }

    /// Nothing was stored: every batch of the commit is told, those apart that were refused already.
    fn refuse(&mut self, error: &LogError) {
        tracing::warn!(%error, batches = self.decided.len(), "nothing of a commit is stored");
        for decided in &mut self.decided {
            if decided.outcome.is_ok() {
                decided.outcome = Err(error.clone());
            }
        }
    }

    fn acknowledge(&mut self) {
        for decided in self.decided.drain(..) {
            self.parts.queue.release(decided.bytes);
            (decided.done)(decided.outcome);
        }
    }

    fn control(&mut self, control: Control) -> Result<(), String> {
        match control {
            Control::Copied(bulk) => self.finish_copy(bulk),
            Control::Truncate { partition, below, reply } => {
                self.trims.push_back(Trim { partition, below, reply });
                Ok(())
            }
            Control::RaiseEpoch { reply } => {
                let (connection, state) = (self.connection, &self.parts.state);
                let raised = self.statements.transaction(|_| trim::insert_epoch(connection, state));
                let answer = rolled_back(raised)?;
                if let Ok(epoch) = answer {
                    trim::publish_epoch(state, epoch);
                    self.tails.iter_mut().for_each(|tail| tail.epoch = epoch);
                }
                // Nobody to tell is fine.
                let _ = reply.send(answer);
                Ok(())
            }
        }
    }

    /// One piece of the oldest truncation, so that appends between pieces wait little.
    fn trim(&mut self) -> Result<(), String> {
        let Some(first) = self.trims.front() else { return Ok(()) };
        let (connection, state) = (self.connection, &self.parts.state);
        let answer = match first.next(state) {
            None => Ok(()),
            Some(below) => {
                let deleted = self.statements.transaction(|_| first.delete(connection, state, below));
                match rolled_back(deleted)? {
                    Ok(()) => {
                        state.lock(first.partition).truncated(below);
                        return Ok(());
                    }
                    Err(error) => Err(error),
                }
            }
        };
        if let Some(trim) = self.trims.pop_front() {
            let _ = trim.reply.send(answer);
        }
        Ok(())
    }

    fn finish_copy(&mut self, bulk: Result<(), Failure>) -> Result<(), String> {
        self.parts.counters.checkpoints.fetch_add(1, Relaxed);
        // What comes next can need more room.
        self.has_space = false;
        if let Err(error) = rolled_back(self.parts.wal.copied(self.connection, bulk))? {
            // What was committed stays in the write-ahead log.
            tracing::warn!(%error, "the write-ahead log can't be copied into the database");
        }
        Ok(())
    }

    /// Stops for good: whoever waits learns that the outcome is unknown, if `on_fatal` lets it come to that.
    fn stop(&mut self, reason: &str) {
        self.parts.state.close();
        self.parts.queue.close();
        (self.parts.options.on_fatal)(reason);
        let error = LogError::new(LogErrorKind::Unknown, format!("the log has stopped: {reason}"));
        self.refuse(&error);
        self.acknowledge();
        let mut controls = Vec::new();
        self.parts.queue.take(&mut self.jobs, &mut controls, false);
        for job in self.jobs.drain(..) {
            (job.done)(Err(LogError::new(LogErrorKind::Unavailable, "the log has stopped")));
        }
    }
}

/// Tells a failure that the caller learns of from one that ends the writer.
fn rolled_back<T>(outcome: Result<T, Failure>) -> Result<Result<T, LogError>, String> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Failure::RolledBack(error)) => Ok(Err(error)),
        Err(Failure::Fatal(reason)) => Err(reason),
    }
}
