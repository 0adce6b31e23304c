//! Durable appends beside a bare `write` and `fdatasync` group commit, in one run: prints the ratio.
//!
//! `append_bench [directory] [seconds per side] [MiB of write-ahead log]`; the figures are medians over turns of both sides. Every appender appends again as soon as it is told that its
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
use loquat_log::{DedupeKey, Log, LogError, NewEntry};
use loquat_log_sqlite::{Options, SqliteLog};
use loquat_protocol::PartitionId;
use parking_lot::{Condvar, Mutex};

const BODY_BYTES: usize = 300;
/// How often the two sides take turns.
const TURNS: u32 = 9;

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
        let done = Box::new(move |outcome: Result<_, LogError>| match outcome {
            Ok(_) => done(),
            Err(error) => panic!("an append failed: {error}"),
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

/// What one side did, over all its turns.
#[derive(Default)]
struct Measured {
    per_second: Vec<f64>,
    cpu: Duration,
    latencies_us: Vec<u32>,
}

impl Measured {
    /// One turn: so many appenders for `length`, and then what they have in flight.
    fn turn(
        &mut self,
        target: &Arc<dyn Target>,
        numbers: &Arc<AtomicU64>,
        in_flight: usize,
        length: Duration,
    ) {
        let latencies = Arc::new(Mutex::new(Vec::with_capacity(1 << 20)));
        let stop = Arc::new(AtomicBool::new(false));
        let appender = || Appender {
            target: Arc::clone(target),
            numbers: Arc::clone(numbers),
            stop: Arc::clone(&stop),
            body: Bytes::from(vec![7; BODY_BYTES]),
            latencies: Arc::clone(&latencies),
        };
        let appenders: Vec<_> = (0..in_flight).map(|_| Arc::new(appender())).collect();
        let (cpu, started) = (cpu_time(), Instant::now());
        appenders.iter().for_each(|appender| Arc::clone(appender).go());
        std::thread::park_timeout(length);
        stop.store(true, Relaxed);
        let (elapsed, cpu) = (started.elapsed(), cpu_time() - cpu);
        let count = latencies.lock().len();
        while appenders.iter().any(|appender| Arc::strong_count(appender) > 1) {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        self.per_second.push(count as f64 / elapsed.as_secs_f64());
        self.cpu += cpu;
        self.latencies_us.append(&mut latencies.lock());
    }

    fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.latencies_us.len() as f64
    }

    /// The latency that this part of the appends kept below.
    fn at(&mut self, part: f64) -> u32 {
        self.latencies_us.sort_unstable();
        let last = self.latencies_us.len().saturating_sub(1);
        self.latencies_us.get((last as f64 * part) as usize).copied().unwrap_or(0)
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// Both sides in turns, so that whatever else the machine does meets both.
fn compare(base: &Options, partitions: u64, in_flight: usize, length: Duration) {
    let directory = base.path.parent().unwrap_or(Path::new("."));
    let file = File::create(directory.join("bare")).expect("the file can be made");
    let (bare, stop) = (Arc::new(Bare::default()), Arc::new(AtomicBool::new(false)));
    let (running, stopping) = (Arc::clone(&bare), Arc::clone(&stop));
    let thread = std::thread::spawn(move || running.run(file, &stopping));
    let log = SqliteLog::open(base.clone()).expect("the log opens");
    let engine = Arc::new(Engine { log, partitions });

    let sides: [Arc<dyn Target>; 2] = [bare.clone(), engine.clone()];
    let mut measured = [Measured::default(), Measured::default()];
    let numbers = Arc::new(AtomicU64::new(1));
    for _ in 0..TURNS {
        for (side, measured) in sides.iter().zip(&mut measured) {
            measured.turn(side, &numbers, in_flight, length / TURNS);
        }
    }
    let stats = engine.log.stats();
    engine.log.close();
    stop.store(true, Relaxed);
    // Wakes the thread if it sleeps, so that it sees the end.
    bare.append(0, Bytes::new(), Box::new(|| ()));
    thread.join().expect("the bare loop ends");
    for name in ["bare", "bench.db"] {
        let _ = std::fs::remove_file(directory.join(name));
    }

    let [mut bare, mut sqlite] = measured;
    let ratios: Vec<_> =
        sqlite.per_second.iter().zip(&bare.per_second).map(|(own, bare)| own / bare).collect();
    println!(
        "{partitions:5} {in_flight:9} | {:8.0} {:6.2} {:4} {:5} | {:8.0} {:6.2} {:4} {:5} {:6} {:10} | {:.2}",
        median(&bare.per_second),
        bare.cpu_us(),
        bare.at(0.5),
        bare.at(0.99),
        median(&sqlite.per_second),
        sqlite.cpu_us(),
        sqlite.at(0.5),
        sqlite.at(0.99),
        sqlite.at(1.0),
        stats.entries / stats.commits.max(1),
        median(&ratios),
    );
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
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(4.5);
    let directory = tempfile::tempdir_in(parent).expect("a directory can be made");
    let length = Duration::from_secs_f64(seconds);
    let mut options = Options::new(directory.path().join("bench.db"));
    if let Some(mebibytes) = arguments.next().and_then(|text| text.parse::<u64>().ok()) {
        options.wal_bytes = mebibytes << 20;
    }
    println!(
        "parts in-flight |   bare/s cpu-us  p50   p99 | sqlite/s cpu-us  p50   p99    max per-commit | ratio"
    );
    for in_flight in [1, 16, 64, 256] {
        for partitions in [16, 1] {
            compare(&options, partitions, in_flight, length);
        }
    }
}
