//! What is refused when a log is opened, what a copy holds, and how long opening takes.

mod support;

use std::{fs, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use loquat_log::{
    Log, LogErrorKind, NewEntry, ReadLimit,
    laws::{append, new_entry},
};
use loquat_log_sqlite::{OpenError, Options, SqliteLog, backup, check, fuzz_block, fuzz_keys};
use loquat_protocol::{PartitionId, Serial};
use support::fixture::Sqlite;

const P0: PartitionId = PartitionId(0);

fn options(directory: &Path) -> Options {
    Options::for_test(directory.join("log.db"))
}

fn open(directory: &Path) -> Arc<dyn Log> {
    Arc::new(SqliteLog::open(options(directory)).expect("the log opens"))
}

/// Appends so many entries to each partition, in two halves.
fn fill(log: &Arc<dyn Log>, count: u64) {
    for half in [0..count / 2, count / 2..count] {
        for partition in 0..log.partitions() {
            append(&Sqlite, log, PartitionId(partition), half.clone().map(new_entry).collect());
        }
    }
}

/// Changes the file with SQL, as no release would.
fn tamper(directory: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(directory.join("log.db")).expect("the file opens");
    connection.execute_batch(sql).expect("the file can be changed");
}

fn refusal(options: Options) -> (OpenError, String) {
    let error = SqliteLog::open(options).err().expect("it is refused");
    let text = error.to_string();
    (error, text)
}

#[test]
fn a_clean_close_leaves_one_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    fill(&log, 5);
    log.close();
    let names: Vec<_> = fs::read_dir(directory.path()).expect("it can be listed").flatten().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[test]
fn another_number_of_partitions_is_refused_naming_both() {
    let directory = tempfile::tempdir().expect("a directory");
    open(directory.path()).close();
    let (error, text) = refusal(Options { partitions: 9, ..options(directory.path()) });
    assert!(matches!(error, OpenError::Partitions { found: 4, wanted: 9, .. }), "{text}");
    assert!(text.contains("log.db") && text.contains('4') && text.contains('9'), "{text}");
}

#[test]
fn a_newer_format_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    open(directory.path()).close();
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
fn damage_is_refused_with_what_to_do() {
    for (sql, what) in [
        ("DELETE FROM block WHERE id=6", "the ids of commit"),
        ("DELETE FROM key_batch WHERE id=8", "partition 3 has entries without ids"),
        ("DELETE FROM block WHERE id=3", "partition 2 has entry 11 in block 7, where 1 is due"),
        ("UPDATE floor SET head_seq=30 WHERE partition=2", "partition 2 holds 1..=20"),
        ("UPDATE block SET head=substr(head, 1, 30) WHERE id=1", "the head of block 1"),
        ("UPDATE block SET id=1000-id WHERE id=8", "the head of block 992"),
        ("UPDATE mark SET tails=zeroblob(64)", "the mark at block 1"),
        ("DELETE FROM epoch WHERE partition=3", "partition 3 has no epoch"),
        ("UPDATE epoch SET first_seq=99 WHERE partition=0", "partition 0 ends before its epoch begins"),
        ("UPDATE key_batch SET keys=substr(keys, 1, 30) WHERE id=1", "commit 1"),
        ("UPDATE key_batch SET keys=x'00' WHERE id=2", "commit 2"),
        ("DELETE FROM meta", "its description is missing"),
        ("DROP TABLE block", "block"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let log = open(directory.path());
        fill(&log, 20);
        log.close();
        drop(log);
        tamper(directory.path(), sql);
        let (error, text) = refusal(options(directory.path()));
        assert!(matches!(error, OpenError::Damaged { .. }), "{sql}: {text}");
        assert!(text.contains("log.db") && text.contains(what) && text.contains("backup"), "{sql}: {text}");
    }
}

#[test]
fn broken_pages_are_refused_or_found_by_the_check() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    fill(&log, 2000);
    log.close();
    drop(log);
    let file = directory.path().join("log.db");
    let sound = fs::read(&file).expect("it can be read");
    assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new());
    for page in [0, 1, 3, sound.len() / 4096 / 2] {
        let mut broken = sound.clone();
        // The file's own header stays.
        let from = if page == 0 { 100 } else { page * 4096 };
        broken[from..(page + 1) * 4096].fill(0x5a);
        fs::write(&file, &broken).expect("it can be written");
        let found = match check(&file) {
            Ok(report) => !report.problems.is_empty(),
            Err(OpenError::Damaged { .. } | OpenError::NotALog { .. }) => true,
            Err(other) => panic!("page {page}: {other}"),
        };
        assert!(found, "page {page}");
    }
}

#[test]
fn the_check_counts_and_names_gaps() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    fill(&log, 30);
    log.truncate(P0, 11).expect("a truncation");
    let file = directory.path().join("log.db");
    let report = check(&file).expect("it is a log, also while it is open");
    assert_eq!((report.partitions, report.entries, report.problems.len()), (4, 110, 0));
    log.close();
    drop(log);
    tamper(
        directory.path(),
        "DELETE FROM block WHERE id=2; UPDATE block SET bodies=zeroblob(length(bodies)) WHERE id=7;
         UPDATE epoch SET epoch=2 WHERE partition=3",
    );
    let problems = check(&file).expect("it is a log").problems.join("; ");
    assert!(problems.contains("partition 1 lacks entries 1 to 15"), "{problems}");
    assert!(problems.contains("the bodies of block 7"), "{problems}");
    assert!(problems.contains("partition 3, entry 1: not of epoch 1"), "{problems}");
}

#[test]
fn the_check_finds_a_mark_that_leads_astray() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    for number in 0..300 {
        append(&Sqlite, &log, PartitionId((number % 3) as u16), vec![new_entry(number)]);
    }
    log.close();
    drop(log);
    let file = directory.path().join("log.db");
    assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new());
    tamper(directory.path(), "DELETE FROM block WHERE id=192");
    let problems = check(&file).expect("it is a log").problems.join("; ");
    assert!(problems.contains("the mark at block 193 doesn't fit"), "{problems}");
    assert!(problems.contains("partition 2 lacks entries 64 to 64"), "{problems}");
}

/// SQLite sees damage to its own structures; what it keeps for us it gives back as it is.
#[test]
fn damaged_bodies_are_not_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    for number in 0..300 {
        append(&Sqlite, &log, P0, vec![new_entry(number)]);
    }
    log.close();
    drop(log);
    tamper(directory.path(), "UPDATE block SET bodies=CAST('bodY 149' AS BLOB) WHERE id=150");
    let log = open(directory.path());
    let read = |from| log.read(P0, from, ReadLimit { entries: 10, bytes: 1 << 20 });
    assert_eq!(read(145).expect_err("one of them is damaged").kind, LogErrorKind::Damaged);
    let error = read(150).expect_err("it is damaged");
    assert!(error.message.contains("the bodies of block 150"), "{error}");
    assert_eq!(read(151).expect("the others are sound").len(), 10);
}

#[test]
fn a_log_that_lost_its_oldest_block_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    for number in 0..300 {
        append(&Sqlite, &log, P0, vec![new_entry(number)]);
    }
    log.close();
    drop(log);
    tamper(directory.path(), "DELETE FROM block WHERE id=1");
    let (error, text) = refusal(options(directory.path()));
    assert!(matches!(error, OpenError::Damaged { .. }), "{text}");
    assert!(text.contains("partition 0 holds 2..=300, and its floor says 1"), "{text}");
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

#[test]
fn packed_ids_of_any_bytes_are_read_or_refused() {
    let mut row = Vec::new();
    for length in 0..200 {
        row.push((length * 37 % 251) as u8);
        fuzz_keys(&row);
        fuzz_keys(&[&[1, 0, 1, 0, 0, 0], row.as_slice()].concat());
    }
}

#[test]
fn heads_of_any_bytes_are_read_or_refused() {
    let mut head = Vec::new();
    for length in 0..200 {
        head.push((length * 37 % 251) as u8);
        fuzz_block(&head);
        fuzz_block(&[&[1, 0, 1, 0, 1, 0, 0, 0], head.as_slice()].concat());
        let numbered = [&[1, 0, 1, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0], &head[..]].concat();
        fuzz_block(&numbered);
        // Bodies of a few bytes.
        fuzz_block(&numbered.iter().map(|byte| byte % 3).collect::<Vec<_>>());
    }
}
