//! People, rooms and what is unread: `people.sqlite`.
//!
//! Truth and projection share the file, because a count and the membership that it belongs to must be read as of one
//! moment. Changes of the truth wait for the disk, batches of the log don't; a commit that waits takes all earlier ones
//! along. Reads have connections of their own and never wait for a writer.
//!
//! What is unread is never counted: each message carries how many the room has up to it, how many of them are its
//! author's and how many mention somebody, and so does each read marker; the differences are the answer.

mod admission;
pub(crate) mod check;
mod counting;
mod invitations;
mod joining;
mod keys;
mod listing;
mod marks;
mod memberships;
mod person_change;
pub(crate) mod persons;
mod projection;
mod recovery;
mod room_change;
pub(crate) mod rooms;
mod rows;
mod sessions;
mod tokens;
mod versions;
mod writer;

use std::path::Path;

use loquat_store::{StoreError, StoreErrorKind, people::PeopleStore};
use parking_lot::Mutex;
use rusqlite::Connection;

use crate::{
    connection::DatabaseFile,
    error::{Failure, Outcome},
    options::Options,
    readers::Readers,
};
use writer::PeopleWriter;

/// People and rooms in a directory: it owns `people.sqlite` (and SQLite's `-wal` and `-shm` beside it).
///
/// One process at a time may apply the log; another may read and change everything else.
pub struct SqlitePeople {
    // Readers before the writer: the last connection to close folds the write-ahead log into the file.
    readers: Readers,
    writer: Mutex<PeopleWriter>,
    file: DatabaseFile,
}

impl SqlitePeople {
    /// Opens the file in `dir`, an existing directory; makes it when it is missing and runs the migrations that are new.
    ///
    /// # Errors
    /// `Newer` when the file was written by a later release, `Damaged` when it is no database or cannot be trusted,
    /// `Full`, `Unavailable`.
    pub fn open(dir: &Path, options: &Options) -> Result<Self, StoreError> {
        let file = DatabaseFile::people(dir);
        let writer = PeopleWriter::open(&file, options)?;
        let people = Self { readers: Readers::new(&file, options), writer: Mutex::new(writer), file };
        // What a killed process counted last may not have reached the disk yet.
        let cursors = people.read(projection::cursors)?;
        people.writer.lock().resume(cursors)?;
        Ok(people)
    }

    pub(crate) fn file(&self) -> &DatabaseFile {
        &self.file
    }

    /// Reads within one snapshot.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T, StoreError> {
        self.readers.read(work)
    }

    /// A change of the truth: durable on return.
    fn change<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T, StoreError> {
        self.writer.lock().durably(work)
    }

    /// A change that a power loss may take back.
    fn change_lazily<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T, StoreError> {
        self.writer.lock().lazily(work)
    }
}

impl PeopleStore for SqlitePeople {
    fn version(&self) -> Result<u64, StoreError> {
        self.read(versions::version)
    }

    fn rights_version(&self) -> Result<u64, StoreError> {
        self.read(versions::rights_version)
    }
}

fn conflict(message: String) -> Failure {
    StoreError::new(StoreErrorKind::Conflict, message).into()
}
