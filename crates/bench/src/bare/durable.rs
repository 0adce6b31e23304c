//! Bare group commit: append, fdatasync, acknowledge all that was in the batch, take what has come meanwhile.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::BenchError;
use crate::measure::histogram::Histogram;

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Producers.
    pub producers: usize,
    /// Records that each keeps in flight.
    pub in_flight: usize,
    /// Bytes of a record.
    pub size: usize,
    /// How long.
    pub duration: Duration,
}

/// What came of it. Printed by the process that ran it, read by the one that started it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Records acknowledged per second.
    pub acked_per_s: f64,
    /// Records per fdatasync.
    pub batch: f64,
    /// From hand-over to acknowledgement in ms: 50, 99 %.
    pub ack_ms: [f64; 2],
    /// The same loop without a queue, in which each batch holds all records in flight: no arrangement of producers
    /// can be faster on this disk.
    pub ceiling_per_s: f64,
}

/// Runs the group commit in a new file in `dir`, then the ceiling in another. The files are removed.
pub fn run(plan: &Plan, dir: &Path) -> Result<Outcome, BenchError> {
    let mut outcome = grouped(plan, dir)?;
    outcome.ceiling_per_s = ceiling(plan, dir)?;
    Ok(outcome)
}

fn grouped(plan: &Plan, dir: &Path) -> Result<Outcome, BenchError> {
    let mut file = Journal::create(dir, plan)?;
    let total = plan.producers * plan.in_flight;
    let (queue, waiting) = sync_channel::<Instant>(total);
    let (ack, acked) = sync_channel::<usize>(total);
    let producer = std::thread::spawn(move || produce(total, &queue, &acked));

    let start = Instant::now();
    let (mut records, mut commits, mut latency) = (0u64, 0u64, Histogram::default());
    let mut batch = Vec::with_capacity(total);
    while start.elapsed() < plan.duration {
        let Ok(first) = waiting.recv() else { break };
        batch.push(first);
        batch.extend(waiting.try_iter().take(total - 1));
        file.commit(batch.len())?;
        commits += 1;
        records += batch.len() as u64;
        let count = batch.len();
        batch.drain(..).for_each(|handed_over| latency.record(handed_over.elapsed().as_nanos() as u64));
        if ack.send(count).is_err() {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    drop((ack, waiting));
    let _ = producer.join();
    Ok(Outcome {
        acked_per_s: records as f64 / seconds,
        batch: records as f64 / commits.max(1) as f64,
        ack_ms: [0.5, 0.99].map(|share| latency.quantile(share) as f64 / 1e6),
        ceiling_per_s: 0.0,
    })
}

/// Stands for all producers: hands over a new record for each that was acknowledged, until the other side ends. One
/// thread for all of them, because sixteen that wake each other would measure the scheduler.
fn produce(in_flight: usize, queue: &SyncSender<Instant>, acked: &Receiver<usize>) {
    let hand_over = |count: usize| (0..count).all(|_| queue.send(Instant::now()).is_ok());
    let mut more = hand_over(in_flight);
    while more {
        more = acked.recv().is_ok_and(hand_over);
    }
}

fn ceiling(plan: &Plan, dir: &Path) -> Result<f64, BenchError> {
    let mut file = Journal::create(dir, plan)?;
    let total = plan.producers * plan.in_flight;
    let (start, mut acked) = (Instant::now(), 0);
    while start.elapsed() < plan.duration {
        file.commit(total)?;
        acked += total;
    }
    Ok(acked as f64 / start.elapsed().as_secs_f64())
}

struct Journal {
    file: File,
    records: Vec<u8>,
    size: usize,
}

impl Journal {
    fn create(dir: &Path, plan: &Plan) -> Result<Journal, BenchError> {
        let path = dir.join("bare-durable");
        let file = OpenOptions::new().append(true).create_new(true).open(&path);
        let file = file.map_err(BenchError::io("create the journal"))?;
        // Unlinked at once: nothing is left behind however the process ends.
        std::fs::remove_file(&path).map_err(BenchError::io("unlink the journal"))?;
        Ok(Journal {
            file,
            records: vec![b'x'; plan.size * plan.producers * plan.in_flight],
            size: plan.size,
        })
    }

    /// One write, one fdatasync.
    fn commit(&mut self, records: usize) -> Result<(), BenchError> {
        self.file
            .write_all(&self.records[..records * self.size])
            .and_then(|()| self.file.sync_data())
            .map_err(BenchError::io("append to the journal"))
    }
}
