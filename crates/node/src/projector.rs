//! Carries the log into the store, in order, every entry once; and lets the log go where nobody needs it any more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use loquat_core::feed::FeedEntry;
use loquat_protocol::PartitionId;
use loquat_store::{Advance, ProjectionBatch, Retention, Row, StoreErrorKind};
use parking_lot::{Condvar, Mutex};

use crate::{Node, clock::wall_ms};

/// Rows in one batch.
const BATCH_ROWS_MAX: usize = 4_096;
/// How long the projector lets entries gather: the ring answers for them meanwhile.
const GATHER: Duration = Duration::from_millis(100);
/// How often the projection is made durable and the log and history are trimmed.
const TRIM_EVERY: Duration = Duration::from_secs(30);
/// How long after a failure the projector tries again.
const RETRY: Duration = Duration::from_millis(500);

/// The projector's thread and how to end it.
#[derive(Default)]
pub struct Projector {
    stop: AtomicBool,
    sleep: (Mutex<()>, Condvar),
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Projector {
    /// Starts the thread. `retention_ms`: how long history is kept.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(&self, node: &Arc<Node>, retention_ms: u64) -> std::io::Result<()> {
        let node = Arc::clone(node);
        let run =
            move || Work { node: &node, retention_ms, cursors: Vec::new(), trimmed: Instant::now() }.run();
        *self.thread.lock() = Some(std::thread::Builder::new().name("projector".to_owned()).spawn(run)?);
        Ok(())
    }

    /// Ends the thread after it has projected what there is.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.sleep.1.notify_all();
        if let Some(thread) = self.thread.lock().take() {
            drop(thread.join());
        }
    }

    fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn rest(&self, time: Duration) {
        let mut guard = self.sleep.0.lock();
        if !self.is_stopping() {
            self.sleep.1.wait_for(&mut guard, time);
        }
    }
}

struct Work<'a> {
    node: &'a Node,
    retention_ms: u64,
    cursors: Vec<u64>,
    trimmed: Instant,
}

impl Work<'_> {
    fn run(mut self) {
        let projector = self.node.projector();
        while !self.load_cursors() && !projector.is_stopping() {
            projector.rest(RETRY);
        }
        loop {
            let stopping = projector.is_stopping();
            match self.step() {
                Ok(true) => continue,
                Ok(false) if stopping => break,
                Ok(false) => projector.rest(GATHER),
                Err(()) if stopping => break,
                Err(()) => projector.rest(RETRY),
            }
            if self.trimmed.elapsed() >= TRIM_EVERY {
                self.trim();
                self.trimmed = Instant::now();
            }
        }
        if let Err(error) = self.node.projection().sync() {
            tracing::warn!(%error, "the projection was not made durable; it will be repeated from the log");
        }
    }

    fn load_cursors(&mut self) -> bool {
        let cursor = |partition| self.node.projection().cursor(partition);
        match self.node.feed().partitions().map(cursor).collect::<Result<Vec<_>, _>>() {
            Ok(cursors) => {
                for (partition, cursor) in self.node.feed().partitions().zip(&cursors) {
                    self.node.feed().pruned(partition, cursor.pruned_seq);
                }
                self.cursors = cursors.iter().map(|cursor| cursor.seq).collect();
                true
            }
            Err(error) => {
                tracing::error!(%error, "the projection's cursors cannot be read");
                false
            }
        }
    }

    /// Projects what there is, at most a batch; `true` when there may be more.
    fn step(&mut self) -> Result<bool, ()> {
        let mut batch = ProjectionBatch::default();
        let mut full = false;
        for partition in self.node.feed().partitions() {
            let after = self.cursors[partition.index()];
            let head = self.node.feed().head_seq(partition);
            self.node.metrics().projector_lag(u32::from(partition.0)).set(head.saturating_sub(after) as i64);
            if head <= after {
                continue;
            }
            let entries = self.node.entries_after(partition, after).map_err(drop)?;
            let Some(last) = entries.last() else { continue };
            full |= last.serial.seq < head;
            batch.advances.push(Advance { partition, after_seq: after, to_seq: last.serial.seq });
            batch.rows.extend(entries.iter().filter_map(|entry| row(partition, entry)));
            if batch.rows.len() >= BATCH_ROWS_MAX {
                full = true;
                break;
            }
        }
        if batch.advances.is_empty() {
            return Ok(false);
        }
        match self.node.projection().apply(&batch) {
            Ok(()) => {
                self.node.note_store(true);
                for advance in &batch.advances {
                    self.cursors[advance.partition.index()] = advance.to_seq;
                }
                Ok(full)
            }
            Err(error) => {
                self.node.note_store(error.kind != StoreErrorKind::Full);
                if error.kind == StoreErrorKind::Damaged {
                    // What the disk has lost cannot be known.
                    tracing::error!(%error, "the projection is damaged: the process stops rather than guess");
                    loquat_telemetry::logging::abort();
                }
                tracing::error!(%error, "the projection cannot be written; it is tried again");
                if error.kind == StoreErrorKind::OutOfOrder {
                    let _ = self.load_cursors();
                }
                Err(())
            }
        }
    }

    /// Retention of history, then of the log: below what is durably projected and out of the ring.
    fn trim(&mut self) {
        let projection = self.node.projection();
        if let Err(error) = projection.sync() {
            tracing::error!(%error, "the projection cannot be made durable");
            return;
        }
        let before_ms = wall_ms().saturating_sub(self.retention_ms);
        for partition in self.node.feed().partitions() {
            let pruned = projection.prune(partition, Retention::Realtime, before_ms, 10_000);
            let cursor = projection.cursor(partition);
            match (pruned, cursor) {
                (Ok(_), Ok(cursor)) => {
                    self.node.feed().pruned(partition, cursor.pruned_seq);
                    let below = cursor.durable_seq.min(self.node.feed().floor_seq(partition)) + 1;
                    if let Err(error) = self.node.log().truncate(partition, below) {
                        tracing::error!(%error, %partition, "the log cannot be truncated");
                    }
                }
                (Err(error), _) | (_, Err(error)) => {
                    tracing::error!(%error, %partition, "history cannot be pruned")
                }
            }
        }
    }
}

fn row(partition: PartitionId, entry: &Arc<FeedEntry>) -> Option<Row> {
    if entry.channel.name.as_str().is_empty() {
        return None;
    }
    let items = loquat_protocol::entry::count_items(entry.payload());
    Some(Row {
        partition,
        channel: entry.channel.clone(),
        kind: entry.kind,
        serial: entry.serial,
        time_ms: entry.time_ms,
        items,
        body: entry.body.clone(),
    })
}
