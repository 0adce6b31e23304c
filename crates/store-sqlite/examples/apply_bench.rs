//! What the projection costs: CPU per row applied, and how long questions take.
//!
//! `cargo run --release -p loquat-store-sqlite --example apply_bench [directory]`. Rows have bodies of 300 bytes and
//! lie in 16 partitions; the first half of each run warms up. CPU is that of the applying thread, checkpoints and
//! the syncs (one per 20,000 rows) included.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use bytes::Bytes;
use loquat_protocol::{AppId, ChannelId, ChannelName, PartitionId, Serial, entry::EntryKind};
use loquat_store::{Advance, Direction, History, HistoryQuery, Projection, ProjectionBatch, Row};
use loquat_store_sqlite::{Options, SqliteStore};

const PARTITIONS: u16 = 16;
const BODY_BYTES: usize = 300;
const ROWS_PER_SYNC: usize = 20_000;

fn main() {
    let dir =
        std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from).join("loquat-apply-bench");
    println!("{:>9} {:>6} {:>12} {:>13}", "channels", "batch", "cpu µs/row", "wall µs/row");
    for channels in [1, 500, 5_000] {
        for (batch_rows, rows) in [(10, 20_000), (100, 60_000), (1_000, 300_000)] {
            let (cpu, wall) = fresh(&dir, |store| apply(store, channels, batch_rows, rows));
            println!("{channels:>9} {batch_rows:>6} {cpu:>12.2} {wall:>13.2}");
        }
    }
    fresh(&dir, questions);
    fresh(&dir, |store| open_large(&dir, store));
}

fn fresh<T>(dir: &Path, work: impl FnOnce(SqliteStore) -> T) -> T {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).expect("a directory to work in");
    let outcome = work(SqliteStore::open(dir, &Options::default()).expect("a new store"));
    std::fs::remove_dir_all(dir).expect("the directory is ours");
    outcome
}

/// Makes batches as a busy server would: each row in a channel by chance.
struct Source {
    channels: Vec<ChannelId>,
    seqs: [u64; PARTITIONS as usize],
    random: u64,
    body: Bytes,
}

impl Source {
    fn new(channels: usize) -> Self {
        let app = AppId::from_trusted("appid1");
        let channel = |n| ChannelId::new(app.clone(), ChannelName::from_trusted(&format!("rooms:{n:05}")));
        let body = Bytes::from(vec![0x5a; BODY_BYTES]);
        Self {
            channels: (0..channels).map(channel).collect(),
            seqs: [0; 16],
            random: 0x9e37_79b9_7f4a_7c15,
            body,
        }
    }

    fn batch(&mut self, rows: usize) -> ProjectionBatch {
        let before = self.seqs;
        let mut batch =
            ProjectionBatch { advances: Vec::new(), rows: (0..rows).map(|_| self.row()).collect() };
        // As the projector reads: partition by partition.
        batch.rows.sort_by_key(|row| row.partition);
        for (partition, (after_seq, to_seq)) in (0..).map(PartitionId).zip(before.into_iter().zip(self.seqs))
        {
            if to_seq > after_seq {
                batch.advances.push(Advance { partition, after_seq, to_seq });
            }
        }
        batch
    }

    fn row(&mut self) -> Row {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let channel = self.channels[(self.random >> 11) as usize % self.channels.len()].clone();
        let partition = PartitionId::of(&channel, PARTITIONS);
        let seq = self.seqs[partition.index()] + 1;
        self.seqs[partition.index()] = seq;
        let serial = Serial::new(1, seq);
        let time_ms = 1_700_000_000_000 + seq;
        Row {
            partition,
            channel,
            kind: EntryKind::Message,
            serial,
            time_ms,
            items: 1,
            body: self.body.clone(),
        }
    }
}

fn thread_cpu() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a live timespec, which the call fills.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(failed, 0, "the clock of the thread can be read");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// CPU and wall time per row, in microseconds, over the second half of the rows.
fn apply(store: SqliteStore, channels: usize, batch_rows: usize, rows: usize) -> (f64, f64) {
    let mut source = Source::new(channels);
    let (mut cpu, mut wall) = (Duration::ZERO, Duration::ZERO);
    for n in 0..rows / batch_rows {
        let batch = source.batch(batch_rows);
        let start = (thread_cpu(), Instant::now());
        store.apply(&batch).expect("a batch is applied");
        if (n + 1).is_multiple_of(ROWS_PER_SYNC / batch_rows) {
            store.sync().expect("a store syncs");
        }
        if n >= rows / batch_rows / 2 {
            cpu += thread_cpu() - start.0;
            wall += start.1.elapsed();
        }
    }
    let counted = (rows / 2) as f64;
    (cpu.as_secs_f64() * 1e6 / counted, wall.as_secs_f64() * 1e6 / counted)
}

/// The median and the slowest of a hundred times the same question, in microseconds.
fn ask(store: &SqliteStore, name: &str, query: &HistoryQuery, partition: PartitionId) {
    let mut times: Vec<f64> = Vec::new();
    let mut rows = 0;
    for _ in 0..100 {
        let start = Instant::now();
        rows = store.query(query, partition).expect("a question is answered").0.len();
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    println!("{name:<40} {rows:>5} rows {:>9.0} µs median {:>9.0} µs slowest", times[50], times[99]);
}

/// A channel with 100,000 entries among 900,000 others in 499 channels.
fn questions(store: SqliteStore) {
    let mut source = Source::new(500);
    let target = source.channels[7].clone();
    let partition = PartitionId::of(&target, PARTITIONS);
    for n in 0..1_000_u64 {
        let mut batch = source.batch(900);
        for _ in 0..100 {
            let seq = source.seqs[partition.index()] + 1;
            source.seqs[partition.index()] = seq;
            let row = Row {
                channel: target.clone(),
                partition,
                serial: Serial::new(1, seq),
                ..source.row_like(seq)
            };
            batch.rows.push(row);
        }
        let to_seq = source.seqs[partition.index()];
        let advance = batch.advances.iter_mut().find(|advance| advance.partition == partition);
        advance.expect("900 rows reach every partition").to_seq = to_seq;
        store.apply(&batch).expect("a batch is applied");
        if n.is_multiple_of(20) {
            store.sync().expect("a store syncs");
        }
    }
    let newest = source.seqs[partition.index()];
    let all = HistoryQuery {
        channel: target,
        kind: EntryKind::Message,
        from_seq: 0,
        to_seq: u64::MAX,
        start_ms: 0,
        end_ms: u64::MAX,
        direction: Direction::Backwards,
        limit: 100,
    };
    ask(&store, "newest 100 of 100,000", &all, partition);
    ask(&store, "newest one", &HistoryQuery { limit: 1, ..all.clone() }, partition);
    ask(
        &store,
        "100 from the middle, backwards",
        &HistoryQuery { to_seq: newest / 2, ..all.clone() },
        partition,
    );
    let forwards = HistoryQuery { direction: Direction::Forwards, from_seq: newest / 2, ..all.clone() };
    ask(&store, "100 from the middle, forwards", &forwards, partition);
    let (start_ms, end_ms) = (1_700_000_000_000 + newest / 3, 1_700_000_000_000 + newest / 2);
    ask(&store, "100 between two times", &HistoryQuery { start_ms, end_ms, ..all }, partition);
}

impl Source {
    fn row_like(&self, seq: u64) -> Row {
        let time_ms = 1_700_000_000_000 + seq;
        let (channel, body) = (self.channels[0].clone(), self.body.clone());
        let (partition, serial) = (PartitionId(0), Serial::new(1, seq));
        Row { partition, channel, kind: EntryKind::Message, serial, time_ms, items: 1, body }
    }
}

/// How long it takes to open a store of 1,000,000 rows and ask it something: as kill -9 leaves it, with the largest
/// write-ahead log to read, and after a close in good order.
fn open_large(dir: &Path, store: SqliteStore) {
    let mut source = Source::new(5_000);
    let (left, wal) = (dir.join("left"), dir.join("store.sqlite-wal"));
    for _ in 0..1_000 {
        store.apply(&source.batch(1_000)).expect("a batch is applied");
    }
    let wal_bytes = std::fs::metadata(&wal).map_or(0, |wal| wal.len());
    copy(dir, &left);
    println!("{:?}", store.stats().expect("figures"));
    drop(store);
    open(&left, &format!("open as kill -9 leaves it, write-ahead log of {} KiB", wal_bytes / 1024));
    open(dir, "open after a close");
}

fn copy(dir: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory to copy to");
    for name in ["store.sqlite", "store.sqlite-wal", "directory.sqlite"] {
        std::fs::copy(dir.join(name), to.join(name)).expect("a file is copied");
    }
}

fn open(dir: &Path, name: &str) {
    let start = Instant::now();
    let store = SqliteStore::open(dir, &Options::default()).expect("the store opens");
    store.cursor(PartitionId(0)).expect("a cursor is read");
    println!("{name}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
}
