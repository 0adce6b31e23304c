//! Logs in directories of their own: filled, closed, tampered with, refused.

use std::{path::Path, sync::Arc};

use loquat_log::{
    Log,
    laws::{append, new_entry},
};
use loquat_log_sqlite::{OpenError, Options, SqliteLog};
use loquat_protocol::PartitionId;
use tempfile::TempDir;

use super::fixture::Sqlite;

/// Those of a test, for the log of a directory.
pub fn options(directory: &Path) -> Options {
    Options::for_test(directory.join("log.db"))
}

/// Opens the log of a directory.
pub fn open(directory: &Path) -> Arc<dyn Log> {
    Arc::new(SqliteLog::open(options(directory)).expect("the log opens"))
}

/// A new log, filled and closed.
pub fn closed(fill: impl FnOnce(&Arc<dyn Log>)) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    fill(&log);
    log.close();
    directory
}

/// Appends so many entries to each partition, in two halves.
pub fn fill(log: &Arc<dyn Log>, count: u64) {
    for half in [0..count / 2, count / 2..count] {
        for partition in 0..log.partitions() {
            append(&Sqlite, log, PartitionId(partition), half.clone().map(new_entry).collect());
        }
    }
}

/// Appends so many entries, each by itself, to so many partitions in turn.
pub fn fill_singly(log: &Arc<dyn Log>, count: u64, partitions: u64) {
    for number in 0..count {
        append(&Sqlite, log, PartitionId((number % partitions) as u16), vec![new_entry(number)]);
    }
}

/// Changes the file with SQL, as no release would.
pub fn tamper(directory: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(directory.join("log.db")).expect("the file opens");
    connection.execute_batch(sql).expect("the file can be changed");
}

/// Why a log is not opened, as a value and as text.
pub fn refusal(options: Options) -> (OpenError, String) {
    let error = SqliteLog::open(options).err().expect("it is refused");
    let text = error.to_string();
    (error, text)
}
