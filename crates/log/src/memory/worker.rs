//! The oracle's one thread: applies commands in order, then tells followers, then appenders.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use loquat_protocol::PartitionId;

use super::{MemoryOptions, Stored};
use crate::{AppendDone, FeedSink, LogError, LogErrorKind, NewEntry, ReadLimit};

/// What the thread is asked to do. Bounded by bytes: every append was counted before it was sent.
pub(super) enum Command {
    Append {
        partition: PartitionId,
        batch: Vec<NewEntry>,
        bytes: usize,
        done: AppendDone,
    },
    Follow {
        partition: PartitionId,
        after: u64,
        sink: Arc<dyn FeedSink>,
        reply: mpsc::SyncSender<Result<(), LogError>>,
    },
}

struct Worker {
    options: MemoryOptions,
    stored: Stored,
    followers: Vec<Option<Arc<dyn FeedSink>>>,
}

pub(super) fn start(
    options: MemoryOptions,
    stored: Stored,
    queued_bytes: Arc<AtomicUsize>,
    queue: mpsc::Receiver<Command>,
) -> JoinHandle<()> {
    let followers = vec![None; usize::from(options.partitions)];
    let mut worker = Worker { options, stored, followers };
    thread::spawn(move || {
        for command in queue {
            match command {
                Command::Append { partition, batch, bytes, done } => {
                    worker.append(partition, batch, done);
                    queued_bytes.fetch_sub(bytes, Relaxed);
                }
                Command::Follow { partition, after, sink, reply } => {
                    // The caller may have gone away: then nobody is told.
                    let _ = reply.send(worker.follow(partition, after, sink));
                }
            }
        }
    })
}

impl Worker {
    fn append(&mut self, partition: PartitionId, batch: Vec<NewEntry>, done: AppendDone) {
        let mut stored = self.stored.lock();
        let outcomes: Vec<_> = batch
            .into_iter()
            .map(|new| stored[partition.index()].append(new, self.options.window_ms))
            .collect();
        drop(stored);
        let (appended, entries): (Vec<_>, Vec<_>) = outcomes.into_iter().unzip();
        let entries: Vec<_> = entries.into_iter().flatten().collect();
        let follower = self.followers[partition.index()].as_ref().filter(|_| !entries.is_empty());
        if let Some(sink) = follower {
            sink.entries(partition, entries);
        }
        done(Ok(appended));
        if let Some(sink) = follower {
            sink.settled();
        }
    }

    fn follow(
        &mut self,
        partition: PartitionId,
        after: u64,
        sink: Arc<dyn FeedSink>,
    ) -> Result<(), LogError> {
        let (backlog, head) = {
            let stored = self.stored.lock();
            let everything = ReadLimit { entries: usize::MAX, bytes: usize::MAX };
            let partition = &stored[partition.index()];
            (partition.read(after + 1, everything), partition.head())
        };
        if self.followers[partition.index()].is_some() {
            return Err(LogError::new(LogErrorKind::Unavailable, "the partition has a follower already"));
        }
        if after + 1 < head.first_seq {
            return Err(LogError::new(LogErrorKind::Truncated, "entries after that were truncated"));
        }
        if after > head.serial.seq {
            return Err(LogError::new(LogErrorKind::Damaged, "the log ends before that"));
        }
        if !backlog.is_empty() {
            sink.entries(partition, backlog);
            sink.settled();
        }
        self.followers[partition.index()] = Some(sink);
        Ok(())
    }
}
