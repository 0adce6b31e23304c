//! Reads that a shard must not wait for: what an attachment missed beyond the ring, and where a rewind starts.

use std::{
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use loquat_core::{
    Slot,
    shard::{Backlog, RewindStart},
};
use loquat_protocol::{ChannelId, ChannelName, PartitionId, entry::EntryKind, params::Rewind};
use loquat_store::{Direction, HistoryQuery, Retention};
use parking_lot::Mutex;

use crate::{Node, clock::wall_ms, shard::Command};

/// Entries in one answer; few, because each may be as large as the largest message.
const PIECE: usize = 64;
/// How long a reader rests after it could not read.
const UNAVAILABLE_PAUSE: std::time::Duration = std::time::Duration::from_millis(100);
/// Reads that may wait; past it a shard is told to ask again.
pub const QUEUE_MAX: usize = 20_000;

/// A read for a connection.
#[derive(Debug)]
pub struct Job {
    /// Which shard asks.
    pub shard: usize,
    /// For which connection.
    pub slot: Slot,
    /// The channel.
    pub channel: ChannelId,
    /// Its partition.
    pub partition: PartitionId,
    /// What is asked.
    pub question: Question,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub enum Question {
    /// The entries with `after < seq <= until`.
    Range {
        /// Exclusive.
        after: u64,
        /// Inclusive.
        until: u64,
    },
    /// Where a rewind from `until` starts.
    Rewind {
        /// How far.
        rewind: Rewind,
        /// Inclusive.
        until: u64,
    },
}

/// The threads that read.
pub struct Readers {
    jobs: Mutex<Option<mpsc::SyncSender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Readers {
    /// Starts the threads; they end when [`Readers::stop`] is called.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(node: &Arc<Node>, threads: usize) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel::<Job>(QUEUE_MAX);
        let receiver = Arc::new(Mutex::new(receiver));
        let spawn = |index| {
            let (node, receiver) = (Arc::clone(node), Arc::clone(&receiver));
            let run = move || {
                loop {
                    let Ok(job) = receiver.lock().recv() else { break };
                    node.answer(job);
                }
            };
            std::thread::Builder::new().name(format!("reader-{index}")).spawn(run)
        };
        let threads = (0..threads).map(spawn).collect::<Result<_, _>>()?;
        Ok(Self { jobs: Mutex::new(Some(sender)), threads: Mutex::new(threads) })
    }

    /// Takes a job, or gives it back when too many wait.
    ///
    /// # Errors
    /// The job.
    pub fn submit(&self, job: Job) -> Result<(), Job> {
        match &*self.jobs.lock() {
            Some(jobs) => jobs.try_send(job).map_err(|refused| match refused {
                mpsc::TrySendError::Full(job) | mpsc::TrySendError::Disconnected(job) => job,
            }),
            None => Err(job),
        }
    }

    /// Ends the threads after the jobs that wait.
    pub fn stop(&self) {
        self.jobs.lock().take();
        for thread in self.threads.lock().drain(..) {
            drop(thread.join());
        }
    }
}

impl Node {
    fn answer(&self, job: Job) {
        let name = job.channel.name.clone();
        let command = match job.question {
            Question::Range { after, until } => {
                Command::Backlog(job.slot, name, self.range(&job.channel, job.partition, after, until))
            }
            Question::Rewind { rewind, until } => {
                self.rewind(job.slot, name, &job.channel, job.partition, rewind, until)
            }
        };
        self.tell(job.shard, command);
    }

    fn range(&self, channel: &ChannelId, partition: PartitionId, after: u64, until: u64) -> Backlog {
        let query = HistoryQuery {
            channel: channel.clone(),
            kind: EntryKind::Message,
            from_seq: after + 1,
            to_seq: until,
            start_ms: 0,
            end_ms: u64::MAX,
            direction: Direction::Forwards,
            limit: PIECE,
        };
        match self.past(&query) {
            Err(_) => {
                // The shard asks again at once: a store that cannot be read is not asked faster than this.
                std::thread::park_timeout(UNAVAILABLE_PAUSE);
                Backlog::Unavailable
            }
            Ok(past) if past.pruned_seq > after => {
                self.feed().pruned(partition, Retention::of(&channel.name), past.pruned_seq);
                Backlog::Lost
            }
            Ok(past) => {
                let until = match past.entries.last() {
                    Some(last) if past.entries.len() >= PIECE => last.serial.seq,
                    _ => until,
                };
                Backlog::Entries { entries: past.entries, until }
            }
        }
    }

    fn rewind(
        &self,
        slot: Slot,
        name: ChannelName,
        channel: &ChannelId,
        partition: PartitionId,
        rewind: Rewind,
        until: u64,
    ) -> Command {
        let (limit, start_ms) = match rewind {
            Rewind::Count(count) => (count as usize, 0),
            Rewind::Span { ms, count_max } => (PIECE.min(count_max as usize), wall_ms().saturating_sub(ms)),
        };
        let query = HistoryQuery {
            channel: channel.clone(),
            kind: EntryKind::Message,
            from_seq: 1,
            to_seq: until,
            start_ms,
            end_ms: u64::MAX,
            direction: Direction::Backwards,
            limit,
        };
        // When the past cannot be read the attachment starts at the present, without a backlog.
        let entries = if limit == 0 {
            Vec::new()
        } else {
            self.past(&query).map_or_else(|_| Vec::new(), |past| past.entries)
        };
        let mut start =
            RewindStart { after: self.feed().serial_at(partition, until), skip: 0, backlog: false };
        let mut wanted = match rewind {
            Rewind::Count(count) => count as usize,
            Rewind::Span { count_max, .. } => count_max as usize,
        };
        for entry in entries {
            let items = entry.messages().messages.len();
            start = RewindStart {
                after: self.feed().serial_at(partition, entry.serial.seq - 1),
                skip: items.saturating_sub(wanted) as u16,
                backlog: true,
            };
            wanted = wanted.saturating_sub(items);
            if wanted == 0 {
                break;
            }
        }
        Command::Rewound(slot, name, start)
    }
}
