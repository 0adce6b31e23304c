//! The one thread that writes: takes what waits, commits once, feeds followers, then acknowledges.

mod control;
mod gather;
mod group;

use std::{
    collections::VecDeque,
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::AtomicU64},
    time::Instant,
};

use loquat_log::{FeedSink, LogError, LogErrorKind, window::Window};
use loquat_protocol::PartitionId;
use rusqlite::Connection;

use self::{gather::Gather, group::Decided};
use crate::{
    commit::Statements,
    options::Options,
    queue::{Job, Queue},
    space::Space,
    stage::{Stage, Tail},
    state::State,
    trim::Trims,
    wal::Wal,
};

/// Jobs that are company enough.
const GATHERED_JOBS: usize = 8;

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
    trims: Trims,
    /// Whether the database has room for what the write-ahead log can hold.
    has_space: bool,
    gather: Gather,
    began: Instant,
}

/// Runs until the queue is closed and empty, or the outcome of a commit can't be known: then `on_fatal` is told.
pub(crate) fn run(connection: Connection, parts: Parts) {
    let on_fatal = Arc::clone(&parts.options.on_fatal);
    let (queue, state) = (Arc::clone(&parts.queue), Arc::clone(&parts.state));
    // A callback that panics must not leave a log that takes appends and never answers.
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| run_with(connection, parts)));
    let reason = match ended {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the writer panicked".into(),
    };
    state.close();
    queue.close();
    on_fatal(&reason);
}

fn run_with(connection: Connection, parts: Parts) -> rusqlite::Result<()> {
    let mut writer = Writer::new(&connection, parts)?;
    if let Err(reason) = writer.run() {
        writer.stop(&reason);
    }
    // The copier's connection goes first: the last one to go takes the write-ahead log with it.
    drop(writer.parts);
    Ok(())
}

impl<'c> Writer<'c> {
    fn new(connection: &'c Connection, parts: Parts) -> rusqlite::Result<Self> {
        let statements = Statements::prepare(connection)?;
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
            trims: Trims::new(),
            has_space: false,
            gather: Gather::new(parts.options.gather_max),
            began: Instant::now(),
            parts,
        })
    }

    fn run(&mut self) -> Result<(), String> {
        let mut controls = Vec::new();
        loop {
            if self.jobs.is_empty() && self.trims.is_empty() {
                self.wait();
            }
            if !self.parts.queue.take(&mut self.jobs, &mut controls) && self.trims.is_empty() {
                return Ok(());
            }
            for control in controls.drain(..) {
                self.control(control)?;
            }
            self.commit()?;
            self.trim()?;
            self.parts.wal.tend();
        }
    }

    /// Sleeps until there is something to do, and a little longer where that brings company.
    fn wait(&self) {
        self.parts.queue.wait();
        if let Some(time) = self.gather.wait() {
            self.parts.queue.gather(time, GATHERED_JOBS);
        }
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
        self.parts.queue.take(&mut self.jobs, &mut controls);
        for job in self.jobs.drain(..) {
            (job.done)(Err(LogError::new(LogErrorKind::Unavailable, "the log has stopped")));
        }
    }
}
