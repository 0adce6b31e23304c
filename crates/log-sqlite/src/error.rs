//! What SQLite's errors mean for the log.

use std::path::{Path, PathBuf};

use loquat_log::{LogError, LogErrorKind};
use rusqlite::ffi;

/// Why a log can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Something else than a log is there.
    #[error("{} is not a loquat log; move it away, or name another data directory", file.display())]
    NotALog {
        /// The file.
        file: PathBuf,
    },
    /// The log was written by a newer release.
    #[error("{} has format {found}, and this release knows formats up to {known}; use the newer release", file.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// The log was written by an older release, and this needs one that is up to date.
    #[error("{} is of an older release; start the server on it once, which brings it to format {known}", file.display())]
    Older {
        /// The file.
        file: PathBuf,
        /// The format that it will have.
        known: u32,
    },
    /// The number of partitions is fixed when a log is made.
    #[error("{} was made with {found} partitions, and {wanted} are configured; the number can't be changed later",
        file.display())]
    Partitions {
        /// The file.
        file: PathBuf,
        /// How many it has.
        found: u16,
        /// How many were asked for.
        wanted: u16,
    },
    /// The file is damaged.
    #[error("{} is damaged: {what}; keep a copy of the file, look at it with `loquat check`, and restore a backup",
        file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        what: String,
    },
    /// The file can't be opened, read or written.
    #[error("{} can't be opened: {what}", file.display())]
    Storage {
        /// The file.
        file: PathBuf,
        /// What the system said.
        what: String,
    },
}

impl OpenError {
    pub(crate) fn damaged(file: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { file: file.to_owned(), what: what.into() }
    }

    pub(crate) fn storage(file: &Path, what: impl ToString) -> Self {
        Self::Storage { file: file.to_owned(), what: what.to_string() }
    }

    pub(crate) fn sqlite(file: &Path, error: &rusqlite::Error) -> Self {
        match primary_code(error) {
            ffi::SQLITE_NOTADB => Self::NotALog { file: file.to_owned() },
            // A query that doesn't fit the schema: a table or column is missing.
            ffi::SQLITE_CORRUPT | ffi::SQLITE_ERROR | 0 => Self::damaged(file, words(error)),
            _ => Self::storage(file, error),
        }
    }
}

/// What a failed transaction means.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was rolled back: nothing is stored, the engine goes on.
    RolledBack(LogError),
    /// Nobody can say what is stored.
    Fatal(String),
}

impl From<rusqlite::Error> for Failure {
    /// Sorts an error by what may be on the disk.
    ///
    /// A failed *write* leaves nothing: the frames it belongs to are not whole, so recovery drops them, and the next
    /// commit writes over them; no page that was acknowledged is in doubt. A failed *sync* is different: the kernel may
    /// have dropped acknowledged pages and called them clean. Of other I/O errors we don't know, so they count as that.
    fn from(error: rusqlite::Error) -> Self {
        if matches!(error, rusqlite::Error::FromSqlConversionFailure(..)) {
            return Self::RolledBack(LogError::new(LogErrorKind::Damaged, words(&error)));
        }
        let refused = |kind| Self::RolledBack(LogError::new(kind, error.to_string()));
        match (extended_code(&error), primary_code(&error)) {
            (_, ffi::SQLITE_FULL) => refused(LogErrorKind::Full),
            (ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_NOMEM, _)
            | (_, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_NOMEM | ffi::SQLITE_CANTOPEN) => {
                refused(LogErrorKind::Unavailable)
            }
            (ffi::SQLITE_IOERR_CORRUPTFS | ffi::SQLITE_IOERR_SHORT_READ, _)
            | (_, ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB | ffi::SQLITE_ERROR | ffi::SQLITE_CONSTRAINT) => {
                refused(LogErrorKind::Damaged)
            }
            _ => Self::Fatal(error.to_string()),
        }
    }
}

/// Damage that SQLite itself doesn't see.
pub(crate) fn damaged(what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, what.into())
}

/// What a failed read means.
pub(crate) fn read_error(error: rusqlite::Error) -> LogError {
    let kind = match primary_code(&error) {
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB | ffi::SQLITE_ERROR | 0 => LogErrorKind::Damaged,
        _ => LogErrorKind::Unavailable,
    };
    LogError::new(kind, words(&error))
}

/// What an error says; of damage that we found only our own words.
pub(crate) fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::FromSqlConversionFailure(_, _, found) => found.to_string(),
        _ => error.to_string(),
    }
}

pub(crate) fn closed() -> LogError {
    LogError::new(LogErrorKind::Closed, "the log is closed")
}

fn extended_code(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}

/// SQLite's own kind of an error; 0 for an error of reading a row.
fn primary_code(error: &rusqlite::Error) -> i32 {
    extended_code(error) & 0xff
}
