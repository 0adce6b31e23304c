//! What is refused when a log is opened, what a copy holds, and how long opening takes.

mod support;

use std::{fs, sync::Arc, time::Duration};

use bytes::Bytes;
use loquat_log::{
    Log, NewEntry,
    laws::{append, new_entry},
};
use loquat_log_sqlite::{OpenError, Options, SqliteLog, backup, check};
use loquat_protocol::{PartitionId, Serial};
use support::{
    files::{closed, fill, options, refusal, tamper},
    fixture::Sqlite,
};

const P0: PartitionId = PartitionId(0);

#[test]
fn a_clean_close_leaves_one_file() {
    let directory = closed(|log| fill(log, 5));
    let names: Vec<_> = fs::read_dir(directory.path()).expect("it can be listed").flatten().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[test]
fn another_number_of_partitions_is_refused_naming_both() {
    let directory = closed(|_| {});
    let (error, text) = refusal(Options { partitions: 9, ..options(directory.path()) });
    assert!(matches!(error, OpenError::Partitions { found: 4, wanted: 9, .. }), "{text}");
    assert!(text.contains("log.db") && text.contains('4') && text.contains('9'), "{text}");
}

#[test]
fn a_newer_format_is_refused() {
    let directory = closed(|_| {});
    tamper(directory.path(), "PRAGMA user_version=7");
    let (error, text) = refusal(options(directory.path()));
    assert!(matches!(error, OpenError::Newer { found: 7, known: 2, .. }), "{text}");
}

#[test]
fn other_files_are_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("log.db");
    fs::write(&file, "a letter to a friend, and rather long for its kind ".repeat(99))
        .expect("it can be written");
    let (error, text) = refusal(options(directory.path()));
    assert!(matches!(error, OpenError::NotALog { .. }), "{text}");
    assert!(text.contains("log.db") && text.contains("move it away"), "{text}");
    fs::remove_file(&file).expect("it can be removed");
    tamper(directory.path(), "CREATE TABLE recipe(name)");
    assert!(matches!(refusal(options(directory.path())).0, OpenError::NotALog { .. }));
    let (error, text) = refusal(Options::for_test(directory.path().join("nowhere/log.db")));
    assert!(matches!(error, OpenError::Storage { .. }), "{text}");
}

#[test]
fn a_backup_is_a_log_of_one_moment() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = Arc::new(SqliteLog::open(options(directory.path())).expect("the log opens"));
    let seam: Arc<dyn Log> = log.clone();
    fill(&seam, 500);
    let copy = directory.path().join("copy");
    fs::create_dir(&copy).expect("a directory");
    let appending = Arc::clone(&seam);
    let appender = std::thread::spawn(move || {
        for number in 500..1500 {
            append(&Sqlite, &appending, P0, vec![new_entry(number)]);
            append(&Sqlite, &appending, PartitionId(1), vec![new_entry(number)]);
        }
    });
    log.backup_to(&copy.join("log.db")).expect("a backup");
    appender.join().expect("the appender ends");
    let refused = backup(&directory.path().join("log.db"), &copy.join("log.db")).expect_err("it exists");
    assert!(matches!(refused, OpenError::Storage { .. }), "{refused}");

    assert_eq!(check(&copy.join("log.db")).expect("it is a log").problems, Vec::<String>::new());
    let restored = Arc::new(SqliteLog::open(options(&copy)).expect("the copy opens"));
    assert_eq!(restored.instance(), log.instance());
    assert_eq!(restored.raise_epoch().expect("an epoch"), 2);
    let restored: Arc<dyn Log> = restored;
    let (first, second) =
        (restored.head(P0).expect("a head"), restored.head(PartitionId(1)).expect("a head"));
    assert!(
        first.serial.seq >= 500 && first.serial.seq - second.serial.seq <= 1,
        "one moment for all partitions"
    );
    let next = append(&Sqlite, &restored, P0, vec![new_entry(9999), new_entry(3)]);
    assert_eq!(next[0].serial, Serial::new(2, first.serial.seq + 1));
    assert_eq!((next[1].serial, next[1].duplicate), (Serial::new(1, 4), true));
}

/// User and system time of this thread: how busy the machine is with other things doesn't count.
fn thread_cpu_time() -> Duration {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes into the struct and nothing else.
    let outcome = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut now) };
    assert_eq!(outcome, 0, "the thread has a clock");
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The bar is a second from start to ready for the whole server.
#[test]
fn a_million_ids_in_the_window_open_quickly() {
    const BATCH: u64 = 1000;
    let directory = tempfile::tempdir().expect("a directory");
    let open =
        || Arc::new(SqliteLog::open(Options::new(directory.path().join("log.db"))).expect("the log opens"));
    let log: Arc<dyn Log> = open();
    let small = |number| NewEntry { time_ms: 1, body: Bytes::from_static(b"x"), ..new_entry(number) };
    for batch in 0..1000 {
        let partition = PartitionId((batch % 16) as u16);
        append(&Sqlite, &log, partition, (batch * BATCH..(batch + 1) * BATCH).map(small).collect());
    }
    log.close();
    drop(log);
    let before = thread_cpu_time();
    let log: Arc<dyn Log> = open();
    let took = thread_cpu_time() - before;
    assert!(append(&Sqlite, &log, PartitionId(7), vec![small(7 * BATCH)])[0].duplicate);
    assert!(append(&Sqlite, &log, PartitionId(999 % 16), vec![small(999_999)])[0].duplicate);
    // A build for tests takes several times as long as a release; examples/open_bench.rs measures that.
    let bound_ms = if cfg!(debug_assertions) { 6000 } else { 600 };
    assert!(took.as_millis() < bound_ms, "opening took {took:?} of CPU");
}
