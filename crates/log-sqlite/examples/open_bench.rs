//! How long opening takes: `open_bench [directory] [entries] [entries per commit]`.
//!
//! All entries are inside the idempotency window, and the log ends as a kill would leave it.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::{path::PathBuf, sync::mpsc, time::Instant};

use bytes::Bytes;
use loquat_log::{DedupeKey, Log, NewEntry};
use loquat_log_sqlite::{Options, SqliteLog};
use loquat_protocol::PartitionId;

fn entry(number: u64) -> NewEntry {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    NewEntry { key: DedupeKey(key), time_ms: 1, body: Bytes::from(vec![7; 300]) }
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
        let (tell, told) = mpsc::sync_channel(1);
        let done = Box::new(move |outcome: Result<_, _>| {
            let _ = tell.send(outcome);
        });
        let batch = (commit * per_commit..(commit + 1) * per_commit).map(entry).collect();
        log.append(PartitionId((commit % 16) as u16), batch, done);
        told.recv().expect("the append is done").expect("and succeeds");
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
        log.close();
        println!("closed in {:?}", started.elapsed());
    }
}
