//! Durable appends beside a bare `write` and `fdatasync` group commit, in one run: prints the ratio.
//!
//! `append_bench [directory] [seconds per measurement]`. Every appender appends again as soon as it is told that its
//! last entry is durable; the bare loop appends to a growing file, with the same bodies and the same number in flight.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use loquat_log::{DedupeKey, Log, LogError, LogErrorKind, NewEntry};
use loquat_log_sqlite::{Options, SqliteLog};
use loquat_protocol::PartitionId;
use parking_lot::{Condvar, Mutex};

const BODY_BYTES: usize = 300;

type Done = Box<dyn FnOnce() + Send>;

/// Something that makes a body durable and then says so.
trait Target: Send + Sync + 'static {
    fn append(&self, number: u64, body: Bytes, done: Done);
}

struct Engine {
    log: SqliteLog,
    partitions: u64,
}

impl Target for Engine {
    fn append(&self, number: u64, body: Bytes, done: Done) {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
        key[8..].copy_from_slice(&number.to_le_bytes());
        let entry = NewEntry { key: DedupeKey(key), time_ms: number / 100, body };
        let done = Box::new(move |outcome: Result<_, LogError>| {
            match outcome {
                Ok(_) => done(),
                // An appender that met the end of the measurement.
                Err(error) => assert_eq!(error.kind, LogErrorKind::Closed, "{error}"),
            }
        });
        self.log.append(PartitionId((number % self.partitions) as u16), vec![entry], done);
    }
}

/// The bare loop: one thread, one buffer, one file.
#[derive(Default)]
struct Bare {
    waiting: Mutex<Vec<(Bytes, Done)>>,
    arrived: Condvar,
}

impl Target for Bare {
    fn append(&self, _: u64, body: Bytes, done: Done) {
        self.waiting.lock().push((body, done));
        self.arrived.notify_one();
    }
}

impl Bare {
    fn run(&self, mut file: File, stop: &AtomicBool) {
        let mut buffer = Vec::new();
        while !stop.load(Relaxed) {
            let mut waiting = self.waiting.lock();
            while waiting.is_empty() {
                self.arrived.wait(&mut waiting);
            }
            let batch = std::mem::take(&mut *waiting);
            drop(waiting);
            buffer.clear();
            batch.iter().for_each(|(body, _)| buffer.extend_from_slice(body));
            file.write_all(&buffer).expect("the file can be written");
            file.sync_data().expect("the file can be synced");
            batch.into_iter().for_each(|(_, done)| done());
        }
    }
}

/// One appender: appends, waits to be told, appends again.
struct Appender {
    target: Arc<dyn Target>,
    numbers: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    body: Bytes,
    latencies: Arc<Mutex<Vec<u32>>>,
}

impl Appender {
    fn go(self: Arc<Self>) {
        if self.stop.load(Relaxed) {
            return;
        }
        let number = self.numbers.fetch_add(1, Relaxed);
        let (started, next) = (Instant::now(), Arc::clone(&self));
        let done = move || {
            next.latencies.lock().push(started.elapsed().as_micros() as u32);
            next.go();
        };
        self.target.append(number, self.body.clone(), Box::new(done));
    }
}

struct Measured {
    per_second: f64,
    cpu_us: f64,
    p50_us: u32,
    p99_us: u32,
    max_us: u32,
}

fn measure(target: &Arc<dyn Target>, in_flight: usize, length: Duration, stop: &Arc<AtomicBool>) -> Measured {
    let numbers = Arc::new(AtomicU64::new(1));
    let latencies = Arc::new(Mutex::new(Vec::with_capacity(4 << 20)));
    let (cpu, started) = (cpu_time(), Instant::now());
    for _ in 0..in_flight {
        let appender = Appender {
            target: Arc::clone(target),
            numbers: Arc::clone(&numbers),
            stop: Arc::clone(stop),
            body: Bytes::from(vec![7; BODY_BYTES]),
            latencies: Arc::clone(&latencies),
        };
        Arc::new(appender).go();
    }
    std::thread::park_timeout(length);
    stop.store(true, Relaxed);
    let (elapsed, cpu) = (started.elapsed(), cpu_time() - cpu);
    let mut latencies = std::mem::take(&mut *latencies.lock());
    latencies.sort_unstable();
    let count = latencies.len() as f64;
    let at = |part: f64| latencies.get((count * part) as usize).copied().unwrap_or(0);
    Measured {
        per_second: count / elapsed.as_secs_f64(),
        cpu_us: cpu.as_secs_f64() * 1e6 / count,
        p50_us: at(0.5),
        p99_us: at(0.99),
        max_us: latencies.last().copied().unwrap_or(0),
    }
}

fn measure_bare(directory: &Path, in_flight: usize, length: Duration) -> Measured {
    let path = directory.join("bare");
    let file = File::create(&path).expect("the file can be made");
    let (bare, stop) = (Arc::new(Bare::default()), Arc::new(AtomicBool::new(false)));
    let (running, stopping) = (Arc::clone(&bare), Arc::clone(&stop));
    let thread = std::thread::spawn(move || running.run(file, &stopping));
    let target: Arc<dyn Target> = bare.clone();
    let measured = measure(&target, in_flight, length, &stop);
    // Wakes the thread if it sleeps, so that it sees the end.
    bare.append(0, Bytes::new(), Box::new(|| ()));
    thread.join().expect("the bare loop ends");
    let _ = std::fs::remove_file(path);
    measured
}

fn measure_engine(directory: &Path, partitions: u64, in_flight: usize, length: Duration) -> (Measured, u64) {
    let path = directory.join("bench.db");
    // Nobody here is kept waiting for company: the bare loop doesn't wait either.
    let options = Options { gather: Duration::ZERO, ..Options::new(&path) };
    let log = SqliteLog::open(options).expect("the log opens");
    let engine = Arc::new(Engine { log, partitions });
    let target: Arc<dyn Target> = engine.clone();
    let measured = measure(&target, in_flight, length, &Arc::new(AtomicBool::new(false)));
    let per_commit = engine.log.stats().entries / engine.log.stats().commits.max(1);
    engine.log.close();
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(directory.join(format!("bench.db{suffix}")));
    }
    (measured, per_commit)
}

/// User and system time of this process.
fn cpu_time() -> Duration {
    // SAFETY: an all-zero rusage is valid, and the call only writes into it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let time = |at: libc::timeval| Duration::new(at.tv_sec as u64, at.tv_usec as u32 * 1000);
    time(usage.ru_utime) + time(usage.ru_stime)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let parent = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(3.0);
    let directory = tempfile::tempdir_in(parent).expect("a directory can be made");
    let length = Duration::from_secs_f64(seconds);
    println!(
        "parts in-flight |   bare/s cpu-us  p50  p99 |  sqlite/s cpu-us  p50   p99    max per-commit | ratio"
    );
    for in_flight in [1, 16, 64, 256] {
        for partitions in [16, 1] {
            let bare = measure_bare(directory.path(), in_flight, length);
            let (engine, per_commit) = measure_engine(directory.path(), partitions, in_flight, length);
            println!(
                "{partitions:5} {in_flight:9} | {:8.0} {:6.2} {:4} {:4} | {:9.0} {:6.2} {:4} {:5} {:6} {per_commit:10} | {:.2}",
                bare.per_second,
                bare.cpu_us,
                bare.p50_us,
                bare.p99_us,
                engine.per_second,
                engine.cpu_us,
                engine.p50_us,
                engine.p99_us,
                engine.max_us,
                engine.per_second / bare.per_second
            );
        }
    }
}
