//! One group commit: decide, write, show, feed, acknowledge.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use loquat_log::{AppendDone, Appended, LogError, LogErrorKind, window::First};

use super::Writer;
use crate::{error::Failure, state::Follower};

/// A batch whose outcome is decided and waits for its commit.
pub(super) struct Decided {
    done: AppendDone,
    outcome: Result<Vec<Appended>, LogError>,
    bytes: usize,
}

impl Writer<'_> {
    /// One group commit of what waits, up to its bounds.
    pub(super) fn commit(&mut self) -> Result<(), String> {
        self.decide();
        if self.parts.options.faults.ack_before_commit {
            self.acknowledge();
        }
        let entries = self.stage.len();
        if entries > 0 {
            match self.write() {
                Ok(()) => self.publish(),
                Err(Failure::RolledBack(error)) => self.refuse(&error),
                Err(Failure::Fatal(reason)) => return Err(reason),
            }
        }
        self.acknowledge();
        self.fed.drain(..).for_each(|sink| sink.settled());
        if entries > 0 {
            self.gather.committed(self.began.elapsed(), entries);
        }
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
        let (stage, tails) = (&self.stage, &self.tails);
        self.statements.transaction(|statements| statements.write(stage, tails, span_ms))?;
        self.statements.written();
        Ok(())
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
    pub(super) fn refuse(&mut self, error: &LogError) {
        tracing::warn!(%error, batches = self.decided.len(), "nothing of a commit is stored");
        for decided in &mut self.decided {
            if decided.outcome.is_ok() {
                decided.outcome = Err(error.clone());
            }
        }
    }

    pub(super) fn acknowledge(&mut self) {
        for decided in self.decided.drain(..) {
            self.parts.queue.release(decided.bytes);
            (decided.done)(decided.outcome);
        }
    }
}
