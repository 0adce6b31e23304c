//! How long opening takes, and giving followers everything: `open_bench [directory] [entries] [entries per commit]`.
//!
//! All entries are inside the idempotency window, and the log ends as a kill would leave it.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::{
    path::PathBuf,
    sync::{Arc, mpsc},
    time::Instant,
};

use bytes::Bytes;
use loquat_log::{AppendDone, DedupeKey, Entry, FeedSink, Log, NewEntry};
use loquat_log_sqlite::{Options, SqliteLog};
use loquat_protocol::PartitionId;

fn entry(number: u64) -> NewEntry {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    NewEntry { key: DedupeKey(key), time_ms: 1, body: Bytes::from(vec![7; 300]) }
}

/// Tells of each entry.
struct Counter(mpsc::SyncSender<()>);

impl FeedSink for Counter {
    fn entries(&self, _: PartitionId, entries: Vec<Entry>) {
        entries.iter().for_each(|_| self.0.send(()).unwrap_or_default());
    }

    fn stalled(&self, _: PartitionId, stalled: bool) {
        assert!(!stalled, "the log can be read");
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let parent = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let mut number = |default: u64| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (entries, per_commit) = (number(1_000_000), number(100));
    let directory = tempfile::tempdir_in(parent).expect("a directory can be made");
    let file = directory.path().join("log.db");

    let log = SqliteLog::open(Options::new(&file)).expect("the log opens");
    let started = Instant::now();
    for commit in 0..entries / per_commit {
        let (tell, told) = mpsc::sync_channel(per_commit as usize);
        let batches = (commit * per_commit..(commit + 1) * per_commit).map(|number| {
            let tell = tell.clone();
            let done: AppendDone = Box::new(move |outcome| {
                let _ = tell.send(outcome.is_ok());
            });
            (PartitionId((number % 16) as u16), vec![entry(number)], done)
        });
        log.append_many(batches.collect());
        assert!(told.iter().take(per_commit as usize).all(|stored| stored), "it is stored");
    }
    println!("filled with {entries} entries of 300 B in {:?}", started.elapsed());

    // What a kill leaves: the files as they are.
    let crashed = directory.path().join("crashed.db");
    for suffix in ["", "-wal"] {
        let name = |base: &str| directory.path().join(format!("{base}{suffix}"));
        std::fs::copy(name("log.db"), name("crashed.db")).expect("the files can be copied");
    }
    for (what, file) in [("after a crash", &crashed), ("after a clean end", &crashed)] {
        let started = Instant::now();
        let log = SqliteLog::open(Options::new(file)).expect("the log opens");
        println!("opened {what} in {:?}", started.elapsed());
        let started = Instant::now();
        let (tell, told) = mpsc::sync_channel(1 << 20);
        for partition in (0..16).map(PartitionId) {
            log.follow(partition, 0, Arc::new(Counter(tell.clone()))).expect("it can be followed");
        }
        told.iter().take(entries as usize / per_commit as usize * per_commit as usize).for_each(drop);
        println!("followed from the first entry in {:?}", started.elapsed());
        let started = Instant::now();
        log.close();
        println!("closed in {:?}", started.elapsed());
    }
}
