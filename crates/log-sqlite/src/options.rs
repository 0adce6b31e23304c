//! How the log is opened.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use loquat_log::window::WindowOptions;

/// What a report of the end says, before its reason.
pub const FATAL: &str = "the log can't go on: the process stops rather than guess";

/// Told once why the log can't go on; see [`Options::on_fatal`].
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// Where the log is and what bounds it has.
#[derive(Clone)]
pub struct Options {
    /// The database file. SQLite keeps `-wal` and `-shm` files beside it while it is open.
    pub path: PathBuf,
    /// How many partitions a new log gets; an existing log must have as many.
    pub partitions: u16,
    /// The idempotency window.
    pub window: WindowOptions,
    /// Largest body taken, in bytes.
    pub entry_bytes_max: usize,
    /// Bound of the append queue, in bytes of bodies and their keeping; past it appends are refused.
    pub queue_bytes_max: usize,
    /// A commit takes no further batch once it has this many bytes.
    pub commit_bytes_max: usize,
    /// A commit takes no further batch once it has this many entries.
    pub commit_entries_max: usize,
    /// How long a commit may wait for company where entries arrive one by one and nobody is slowed down by it; see
    /// `writer::gather`. Zero: never.
    pub gather_max: Duration,
    /// Size of the write-ahead log, in bytes. It is written once in full when the log is opened, so that commits
    /// overwrite blocks that the file has, and is copied into the database before it is reused.
    pub wal_bytes: u64,
    /// Most connections that read at the same time; further readers wait.
    pub readers_max: usize,
    /// Called when a commit's outcome can't be known (a failed fsync): nothing is acknowledged any more and the
    /// process must end. Reports the reason and aborts unless told otherwise.
    pub on_fatal: OnFatal,
    /// Ways to break the promises, for the tests that must notice.
    #[doc(hidden)]
    pub faults: Faults,
}

/// Broken variants of the engine, so that the crash tests can show that they would see one.
#[doc(hidden)]
#[derive(Clone, Copy, Default, Debug)]
pub struct Faults {
    /// Commits are not synced.
    pub synchronous_off: bool,
    /// Appends are acknowledged before their commit.
    pub ack_before_commit: bool,
}

impl Options {
    /// The defaults for a log in `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            partitions: 16,
            window: WindowOptions::default(),
            entry_bytes_max: 4 << 20,
            queue_bytes_max: 64 << 20,
            commit_bytes_max: 2 << 20,
            commit_entries_max: 2048,
            gather_max: Duration::ZERO,
            wal_bytes: 16 << 20,
            readers_max: 4,
            on_fatal: Arc::new(report_and_abort),
            faults: Faults::default(),
        }
    }

    /// Small bounds, for tests.
    pub fn for_test(path: impl Into<PathBuf>) -> Self {
        Self { partitions: 4, wal_bytes: 1 << 20, ..Self::new(path) }
    }
}

fn report_and_abort(reason: &str) {
    tracing::error!(reason, "{FATAL}");
    std::process::abort();
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("path", &self.path)
            .field("partitions", &self.partitions)
            .field("window", &self.window)
            .field("wal_bytes", &self.wal_bytes)
            .finish_non_exhaustive()
    }
}
