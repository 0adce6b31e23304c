//! The embedded store engine on SQLite.
//!
//! Three files, because they want different things. `store.sqlite` holds the projection of the log: large, written all
//! the time, and able to lose its newest batches, which the log still has; so its commits don't wait for the disk
//! (WAL, `synchronous=NORMAL`), and [`sync`](loquat_store::Projection::sync) alone does. `directory.sqlite` holds apps
//! and keys: tiny, rarely written, nowhere else; each of its commits waits for the disk (`synchronous=FULL`), and a
//! command that adds a key beside a running server never waits for a batch, nor a batch for it. `people.sqlite` holds
//! people and rooms ([`SqlitePeople`]): their changes wait for the disk, what is counted from the log does not.
//!
//! How the projection is laid out, and why: a secondary index per channel costs a page written to the write-ahead log
//! for nearly every row once a few hundred channels are busy. Here entries lie in log order, and a channel is a list
//! of packed sequence numbers: `src/seqs.rs` says how. `migrations/store` has the tables.

mod backup;
mod bounds;
mod check;
mod checkpoints;
mod connection;
mod cursors;
mod directory;
mod error;
mod header;
mod ids;
mod index;
mod members;
mod migrate;
mod options;
mod people;
mod projection;
mod query;
mod readers;
mod remove;
mod retention;
mod seqs;
mod stats;
mod timelines;
mod transactions;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use parking_lot::Mutex;

use crate::{connection::DatabaseFile, directory::DirectoryFile, readers::Readers, writer::Writer};
pub use crate::{options::Options, people::SqlitePeople, stats::Stats};
use loquat_store::StoreError;

/// A store in a directory of its own or shared with others: it owns the files `store.sqlite`, `directory.sqlite` and
/// `people.sqlite` (and SQLite's `-wal` and `-shm` beside them).
///
/// One process at a time may apply, prune and remove; another may read, and may change apps, keys, people and rooms.
pub struct SqliteStore {
    // Readers before the writer: the last connection to close folds the write-ahead log into the file.
    readers: Readers,
    writer: Mutex<Writer>,
    directory: DirectoryFile,
    people: Arc<SqlitePeople>,
    file: DatabaseFile,
    dir: PathBuf,
}

impl SqliteStore {
    /// Opens the store in `dir`, an existing directory; makes what is missing and runs the migrations that are new.
    ///
    /// # Errors
    /// `Newer` when a file was written by a later release, `Damaged` when one is no database or cannot be trusted,
    /// `Full`, `Unavailable`.
    pub fn open(dir: &Path, options: &Options) -> Result<Self, StoreError> {
        let directory = DirectoryFile::open(dir, options)?;
        let people = Arc::new(SqlitePeople::open(dir, options)?);
        let file = DatabaseFile::store(dir);
        let writer = Writer::open(&file, options)?;
        let readers = Readers::new(&file, options);
        Ok(Self { readers, writer: Mutex::new(writer), directory, people, file, dir: dir.to_owned() })
    }

    /// People and rooms.
    pub fn people(&self) -> &Arc<SqlitePeople> {
        &self.people
    }
}
