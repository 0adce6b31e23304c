//! What a consumer's thread does: read, apply, make durable.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use loquat_core::feed::FeedEntry;
use loquat_protocol::PartitionId;
use loquat_store::{StoreError, StoreErrorKind};
use loquat_telemetry::Law;

use super::{Consumer, Stretch, running::Running};
use crate::Node;

/// Entries handed over at once, about.
const ENTRIES_MAX: usize = 4_096;
/// How long entries gather after some were applied, so that a busy log costs few commits and wake-ups; the first entry
/// after a pause does not wait.
const GATHER: Duration = Duration::from_millis(20);
/// The same for history, whose newest part the rings answer for.
const GATHER_HISTORY: Duration = Duration::from_millis(100);
/// How long a cursor may stay before entries that the consumer did not want.
const PASS_OVER: Duration = Duration::from_secs(1);
/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// Where a consumer stands in a partition.
#[derive(Default)]
struct Position {
    /// Its cursor.
    applied: u64,
    /// What it wants of the entries up to here is in `entries`.
    read: u64,
    entries: Vec<Arc<FeedEntry>>,
}

pub(super) struct Work<'a> {
    node: &'a Arc<Node>,
    running: &'a Running,
    consumer: &'a dyn Consumer,
    positions: Vec<Position>,
    /// When every position was last equal to its cursor.
    applied_at: Instant,
    kept_at: Instant,
}

impl<'a> Work<'a> {
    pub fn new(node: &'a Arc<Node>, running: &'a Running) -> Self {
        let (consumer, now) = (&*running.consumer, Instant::now());
        Self { node, running, consumer, positions: Vec::new(), applied_at: now, kept_at: now }
    }

    pub fn run(mut self) {
        while !self.load() && !self.running.is_stopping() {
            self.running.rest(RETRY);
        }
        loop {
            let stopping = self.running.is_stopping();
            self.running.about_to_look();
            match self.step() {
                Ok(true) => {}
                Ok(false) | Err(()) if stopping => break,
                Ok(false) => {
                    let history = self.running.retention.is_some();
                    self.running.rest(if history { GATHER_HISTORY } else { GATHER });
                    self.running.sleep(PASS_OVER.min(self.node.upkeep_every()));
                }
                Err(()) => self.running.rest(RETRY),
            }
            if self.kept_at.elapsed() >= self.node.upkeep_every() {
                self.keep_up();
            }
        }
        // What this cannot make durable comes again from the log.
        if self.apply().is_ok()
            && let Err(error) = self.consumer.sync()
        {
            tracing::warn!(%error, consumer = self.consumer.name(), "not made durable; it is repeated from the log");
        }
    }

    fn load(&mut self) -> bool {
        let cursor = |partition| self.consumer.cursor(partition);
        match self.node.feed().partitions().map(cursor).collect::<Result<Vec<_>, _>>() {
            Ok(cursors) => {
                let position = |seq| Position { applied: seq, read: seq, entries: Vec::new() };
                self.positions = cursors.into_iter().map(position).collect();
                if self.running.retention.is_some() {
                    self.node.note_pruned();
                }
                true
            }
            Err(error) => {
                tracing::error!(%error, consumer = self.consumer.name(), "a consumer's cursors cannot be read");
                false
            }
        }
    }

    /// Reads and applies, at most a batch; `true` when there may be more.
    fn step(&mut self) -> Result<bool, ()> {
        if self.positions.is_empty() && !self.load() {
            return Err(());
        }
        // What could not be applied goes first: nothing more is read on top of it (MEM-1).
        if self.held() >= ENTRIES_MAX {
            self.apply()?;
        }
        let read = self.read();
        if self.held() > 0 || self.applied_at.elapsed() >= PASS_OVER {
            self.apply()?;
        }
        self.measure();
        read
    }

    fn held(&self) -> usize {
        self.positions.iter().map(|position| position.entries.len()).sum()
    }

    fn read(&mut self) -> Result<bool, ()> {
        let (mut more, mut held) = (false, self.held());
        for partition in self.node.feed().partitions() {
            let position = &mut self.positions[partition.index()];
            let head = self.node.feed().head_seq(partition);
            if head <= position.read {
                continue;
            }
            let entries = self.node.entries_after(partition, position.read).map_err(drop)?;
            let (Some(first), Some(last)) = (entries.first(), entries.last()) else { continue };
            if first.serial.seq != position.read + 1 && position.read > 0 {
                self.node.metrics().law_broken(Law::Gap1, "the log no longer had entries for a consumer");
            }
            position.read = last.serial.seq;
            more |= position.read < head;
            let wanted = entries.into_iter().filter(|entry| self.consumer.wants(entry));
            let before = position.entries.len();
            position.entries.extend(wanted);
            held += position.entries.len() - before;
            if held >= ENTRIES_MAX {
                return Ok(true);
            }
        }
        Ok(more)
    }

    /// Hands over what was read.
    fn apply(&mut self) -> Result<(), ()> {
        let stretch = |(index, position): (usize, &mut Position)| {
            (position.read > position.applied).then(|| Stretch {
                partition: PartitionId(index as u16),
                after_seq: position.applied,
                to_seq: position.read,
                entries: std::mem::take(&mut position.entries),
            })
        };
        let stretches: Vec<_> = self.positions.iter_mut().enumerate().filter_map(stretch).collect();
        self.applied_at = Instant::now();
        if stretches.is_empty() {
            return Ok(());
        }
        match self.consumer.apply(&stretches) {
            Ok(()) => {
                self.node.note_store(self.consumer.name(), true);
                for stretch in stretches {
                    self.positions[stretch.partition.index()].applied = stretch.to_seq;
                }
                Ok(())
            }
            Err(error) => {
                for stretch in stretches {
                    self.positions[stretch.partition.index()].entries = stretch.entries;
                }
                self.failed(&error);
                Err(())
            }
        }
    }

    fn failed(&mut self, error: &StoreError) {
        let consumer = self.consumer.name();
        self.node.note_store(consumer, error.kind != StoreErrorKind::Full);
        if error.kind == StoreErrorKind::Damaged {
            // What the disk has lost cannot be known.
            tracing::error!(%error, consumer, "a consumer's data is damaged: the process stops rather than guess");
            loquat_telemetry::logging::abort();
        }
        tracing::error!(%error, consumer, "a consumer cannot apply the log; it is tried again");
        if error.kind == StoreErrorKind::OutOfOrder {
            self.load();
        }
    }

    fn keep_up(&mut self) {
        self.kept_at = Instant::now();
        if self.apply().is_err() {
            return;
        }
        if let Err(error) = self.consumer.sync() {
            let consumer = self.consumer.name();
            tracing::error!(%error, consumer, "what a consumer has applied cannot be made durable");
            return;
        }
        if let Some(times) = &self.running.retention {
            self.node.trim(times);
        }
    }

    fn measure(&self) {
        let mut total = 0;
        for (partition, position) in self.node.feed().partitions().zip(&self.positions) {
            let at = if position.entries.is_empty() { position.read } else { position.applied };
            let lag = self.node.feed().head_seq(partition).saturating_sub(at) as i64;
            if self.running.retention.is_some() {
                self.node.metrics().projector_lag(u32::from(partition.0)).set(lag);
            }
            total += lag;
        }
        self.node.metrics().consumer_lag(self.consumer.name()).set(total);
    }
}
