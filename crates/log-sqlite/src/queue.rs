//! The append queue: many threads hand over, the writer takes everything at once.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    sync::mpsc,
    time::{Duration, Instant},
};

use loquat_log::{AppendDone, LogError, LogErrorKind, NewEntry};
use loquat_protocol::PartitionId;
use parking_lot::{Condvar, Mutex};

use crate::error::Failure;

/// A batch on its way.
pub(crate) struct Job {
    pub(crate) partition: PartitionId,
    pub(crate) batch: Vec<NewEntry>,
    /// What it counts against the bound.
    pub(crate) bytes: usize,
    pub(crate) done: AppendDone,
}

/// Something else for the writer to do. Whoever asks waits for the answer, so there are few.
pub(crate) enum Control {
    /// Let entries below a sequence number go.
    Truncate { partition: PartitionId, below: u64, reply: mpsc::SyncSender<Result<(), LogError>> },
    /// The bulk of the write-ahead log is copied, or could not be.
    Copied(Result<(), Failure>),
    /// Begin a new epoch everywhere.
    RaiseEpoch { reply: mpsc::SyncSender<Result<u16, LogError>> },
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    controls: Vec<Control>,
    closed: bool,
    /// The writer waits for so many jobs, or for its time to be up: fewer need not wake it.
    enough: usize,
}

/// What waits for the writer, bounded in bytes.
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
    /// Bytes of all jobs that aren't done, taken ones included.
    bytes: AtomicUsize,
    bytes_max: usize,
}

/// Why a job was not taken; the job comes back so that it can be told.
pub(crate) type Refused = (Job, LogError);

impl Queue {
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { waiting: Mutex::default(), arrived: Condvar::new(), bytes: AtomicUsize::new(0), bytes_max }
    }

    /// Hands jobs over with one lock; gives back those that there is no room for.
    pub(crate) fn push(&self, jobs: impl IntoIterator<Item = Job>) -> Vec<Refused> {
        let mut refused = Vec::new();
        let mut waiting = self.waiting.lock();
        for job in jobs {
            if waiting.closed {
                refused.push((job, crate::error::closed()));
            } else if self.bytes.fetch_add(job.bytes, Relaxed) + job.bytes > self.bytes_max {
                self.bytes.fetch_sub(job.bytes, Relaxed);
                refused.push((job, LogError::new(LogErrorKind::Overloaded, "the append queue is full")));
            } else {
                waiting.jobs.push_back(job);
            }
        }
        let wanted = waiting.jobs.len() >= waiting.enough;
        drop(waiting);
        if wanted {
            // Costs a wake-up only when the writer sleeps.
            self.arrived.notify_one();
        }
        refused
    }

    /// Hands something else over. Once the log is closed it is dropped, and with it the reply's sender.
    pub(crate) fn push_control(&self, control: Control) {
        let mut waiting = self.waiting.lock();
        if !waiting.closed {
            waiting.controls.push(control);
        }
        drop(waiting);
        self.arrived.notify_one();
    }

    /// Waits until there are `enough` jobs, or something else to do, or the time is up.
    pub(crate) fn gather(&self, time: Duration, enough: usize) {
        let until = Instant::now() + time;
        let mut waiting = self.waiting.lock();
        waiting.enough = enough;
        while waiting.jobs.len() < enough && waiting.controls.is_empty() && !waiting.closed {
            if self.arrived.wait_until(&mut waiting, until).timed_out() {
                break;
            }
        }
        waiting.enough = 0;
    }

    /// Waits until there is a job, or something else to do.
    pub(crate) fn wait(&self) {
        let mut waiting = self.waiting.lock();
        while waiting.jobs.is_empty() && waiting.controls.is_empty() && !waiting.closed {
            self.arrived.wait(&mut waiting);
        }
    }

    /// Takes everything that waits into `jobs`. False when the queue is closed and
    /// nothing is left.
    pub(crate) fn take(&self, jobs: &mut VecDeque<Job>, controls: &mut Vec<Control>) -> bool {
        let mut waiting = self.waiting.lock();
        if jobs.is_empty() {
            std::mem::swap(jobs, &mut waiting.jobs);
        } else {
            jobs.append(&mut waiting.jobs);
        }
        controls.append(&mut waiting.controls);
        !(waiting.closed && jobs.is_empty() && controls.is_empty())
    }

    /// Gives the bytes of a job that is done back.
    pub(crate) fn release(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Relaxed);
    }

    /// Bytes of all jobs that aren't done.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    /// Refuses everything from now on; the writer still gets what waits.
    pub(crate) fn close(&self) {
        self.waiting.lock().closed = true;
        self.arrived.notify_one();
    }
}
