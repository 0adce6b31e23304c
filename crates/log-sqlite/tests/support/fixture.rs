//! The engine as a fixture of the laws.

use std::{path::Path, sync::Arc};

use loquat_log::{
    Log,
    laws::{LogFixture, TestLog, WindowClock},
};
use loquat_log_sqlite::{Options, SqliteLog};
use tempfile::TempDir;

/// The engine with small bounds.
pub struct Sqlite;

fn options(directory: &Path, partitions: u16) -> Options {
    Options { partitions, queue_bytes_max: 1 << 20, ..Options::for_test(directory.join("log.db")) }
}

impl LogFixture for Sqlite {
    fn open(&self, partitions: u16) -> Box<dyn TestLog> {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let log = SqliteLog::open(options(directory.path(), partitions)).expect("the log opens");
        Box::new(Opened { partitions, directory, log: Arc::new(log) })
    }

    fn window(&self) -> WindowClock {
        WindowClock::Entries(Options::for_test("").window.span_ms)
    }

    fn queue_bytes_max(&self) -> usize {
        1 << 20
    }
}

struct Opened {
    partitions: u16,
    directory: TempDir,
    log: Arc<SqliteLog>,
}

impl TestLog for Opened {
    fn log(&self) -> Arc<dyn Log> {
        self.log.clone()
    }

    /// What kill -9 leaves is what the files hold at this moment: the log goes on from a copy of them.
    fn crash(&mut self) {
        let next = tempfile::tempdir().expect("a directory can be made");
        for name in ["log.db", "log.db-wal"] {
            let from = self.directory.path().join(name);
            if from.exists() {
                std::fs::copy(from, next.path().join(name)).expect("a file can be copied");
            }
        }
        let log = SqliteLog::open(options(next.path(), self.partitions)).expect("the log opens again");
        self.log.close();
        (self.log, self.directory) = (Arc::new(log), next);
    }

    fn raise_epoch(&mut self) -> bool {
        self.log.raise_epoch().expect("an epoch can be raised");
        true
    }
}
