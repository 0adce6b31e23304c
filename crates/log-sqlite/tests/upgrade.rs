//! Logs of older releases: they open, with all that they held, whatever interrupts the first time.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use loquat_log::{
    EpochStart, Log, NewEntry, ReadLimit,
    laws::{Collector, append, new_entry},
};
use loquat_log_sqlite::{OpenError, Options, SqliteLog, backup, check, spans};
use loquat_protocol::{PartitionId, Serial};
use support::{
    Dice,
    child::{self, Orders, Running},
    fixture::Sqlite,
    format_1,
    records::Records,
    rounds,
};
use tempfile::TempDir;

/// What is killed while it upgrades a log; see `support::child`.
#[test]
fn child() {
    child::run_if_asked();
}

const PATIENCE: Duration = Duration::from_secs(20);
const ANY: ReadLimit = ReadLimit { entries: usize::MAX, bytes: usize::MAX };

/// A log that release 0.1.0 wrote: four partitions of entries made by `new_entry`, in two epochs, partly truncated.
fn released() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("log.db");
    let fixture = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("tests/fixtures/format-1.sqlite");
    fs::copy(fixture, &file).expect("the fixture is there");
    (directory, file)
}

fn open(file: &Path) -> Arc<dyn Log> {
    Arc::new(SqliteLog::open(Options::for_test(file)).expect("the log opens"))
}

/// What the fixture's partitions hold: the first entry, and how many there are in each epoch.
const HELD: [(u64, u64, u64); 4] = [(1, 70, 105), (50, 140, 175), (36, 35, 35), (1, 0, 0)];

fn verify(log: &Arc<dyn Log>) {
    for (partition, (first_seq, first_epoch, head_seq)) in (0..).map(PartitionId).zip(HELD) {
        let head = log.head(partition).expect("a head");
        let starts =
            [EpochStart { epoch: 1, first_seq: 1 }, EpochStart { epoch: 2, first_seq: first_epoch + 1 }];
        assert_eq!((head.serial, head.first_seq), (Serial::new(2, head_seq), first_seq), "{partition}");
        assert_eq!(*head.epochs, starts, "{partition}");
        let entries = log.read(partition, 0, ANY).expect("it can be read");
        assert_eq!(entries.len() as u64, head_seq + 1 - first_seq, "{partition}");
        for (entry, seq) in entries.iter().zip(first_seq..) {
            let NewEntry { time_ms, body, .. } = new_entry(seq - 1);
            let epoch = if seq > first_epoch { 2 } else { 1 };
            assert_eq!((entry.serial, entry.time_ms), (Serial::new(epoch, seq), time_ms));
            assert_eq!(entry.body, body);
        }
        if head_seq > 0 {
            assert_eq!(head.time_ms, new_entry(head_seq - 1).time_ms, "{partition}");
            // Its ids are known, those of truncated entries too.
            let again = append(&Sqlite, log, partition, vec![new_entry(3)]);
            assert_eq!((again[0].serial, again[0].duplicate), (Serial::new(1, 4), true), "{partition}");
        }
    }
}

#[test]
fn a_log_of_0_1_0_opens_and_goes_on() {
    let (_directory, file) = released();
    let log = open(&file);
    verify(&log);
    let followed: Vec<_> = (0..)
        .map(PartitionId)
        .zip(HELD)
        .map(|(partition, (first_seq, ..))| Collector::follow(&log, partition, first_seq - 1))
        .collect();
    for (partition, (first_seq, _, head_seq)) in (0..).map(PartitionId).zip(HELD) {
        let next = append(&Sqlite, &log, partition, vec![new_entry(9_000)]);
        assert_eq!(next[0].serial, Serial::new(2, head_seq + 1));
        let seen = followed[partition.index()].wait_for(head_seq + 1, PATIENCE);
        assert_eq!(seen.len() as u64, head_seq + 2 - first_seq);
    }
    log.truncate(PartitionId(1), 150).expect("a truncation");
    log.close();
    assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new());
    let head = open(&file).head(PartitionId(1)).expect("a head");
    assert_eq!((head.first_seq, head.serial), (150, Serial::new(2, 176)));
}

#[test]
fn an_upgraded_log_opens_again_as_it_is() {
    let (_directory, file) = released();
    for _ in 0..3 {
        let log = open(&file);
        verify(&log);
        log.close();
    }
}

/// Who upgrades makes a backup first, with whichever release is at hand.
#[test]
fn a_log_of_0_1_0_is_backed_up_as_it_is() {
    let (directory, file) = released();
    let copy = directory.path().join("copy");
    backup(&file, &copy).expect("a backup");
    for file in [&file, &copy] {
        let stand: Vec<_> = spans(file)
            .expect("it can be read")
            .iter()
            .map(|span| (span.first_seq, span.head_seq, span.epoch))
            .collect();
        assert_eq!(stand, HELD.map(|(first_seq, _, head_seq)| (first_seq, head_seq, 2)));
        let error = check(file).expect_err("it is to be upgraded first");
        assert!(matches!(error, OpenError::Older { known: 2, .. }), "{error}");
        assert!(error.to_string().contains("start the server on it once"), "{error}");
        verify(&open(file));
    }
}

#[test]
fn a_damaged_log_of_0_1_0_is_refused_and_left_alone() {
    let (_directory, file) = released();
    let connection = rusqlite::Connection::open(&file).expect("the file opens");
    connection.execute_batch("DELETE FROM entry_0 WHERE seq=40").expect("the file can be changed");
    drop(connection);
    let before = fs::read(&file).expect("the file");
    let error = SqliteLog::open(Options::for_test(&file)).err().expect("it is refused");
    assert!(error.to_string().contains("partition 0 holds 104 entries in 1..=105"), "{error}");
    assert_eq!(fs::read(&file).expect("the file"), before);
}

/// A kill while the log is upgraded costs nothing: the next start goes on.
#[test]
fn an_upgrade_that_is_killed_again_and_again_loses_nothing() {
    let mut dice = Dice(13);
    let mut interrupted = 0;
    for _ in 0..rounds(2, 40) {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("log.db");
        let mut records = Records::default();
        format_1::write(&file, 24_000, &mut records);
        let mut orders = Orders::new(file.clone());
        for life in 1..8 {
            orders.life = life;
            let running = Running::start(&orders);
            format_1::wait_for_progress(&file, PATIENCE);
            running.kill_after(Duration::from_micros(dice.below(5_000)), &mut records);
            interrupted += u32::from(format_1::is_half_upgraded(&file));
        }
        let mut last = Running::start(&orders);
        last.listen(&mut records, Duration::from_millis(50));
        last.kill(&mut records);
        assert_eq!(records.compare(&file), Ok(()));
        assert!(records.len() > 24_000, "it goes on");
    }
    assert!(interrupted > 0, "no kill came in the middle");
}

/// A half upgraded log is one of the new format for an older release, and not yet one for a look.
#[test]
fn a_half_upgraded_log_is_told_apart_and_backed_up() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("log.db");
    let mut records = Records::default();
    format_1::write(&file, 24_000, &mut records);
    while !format_1::is_half_upgraded(&file) {
        let running = Running::start(&Orders::new(file.clone()));
        format_1::wait_for_progress(&file, PATIENCE);
        running.kill_after(Duration::ZERO, &mut records);
        assert!(!format_1::is_upgraded(&file), "no kill came in the middle");
    }
    let connection = rusqlite::Connection::open(&file).expect("the file opens");
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a version");
    drop(connection);
    assert_eq!(version, 2);
    assert!(matches!(check(&file), Err(OpenError::Older { .. })));
    let copy = directory.path().join("copy");
    backup(&file, &copy).expect("a backup");
    assert!(format_1::is_half_upgraded(&copy));
    for file in [&file, &copy] {
        let stand = spans(file).expect("it can be read");
        assert!(
            stand.iter().all(|span| (span.first_seq, span.head_seq, span.epoch) == (1, 6_000, 1)),
            "{stand:?}"
        );
        assert_eq!(records.compare(file), Ok(()));
    }
}
