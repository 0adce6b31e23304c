//! From SQLite's errors to the seam's: the kind decides what a caller does, the words name the file and the way out.

use std::path::Path;

use loquat_store::{StoreError, StoreErrorKind};
use rusqlite::{Error, ErrorCode, ffi};

/// What work on a connection can end with; becomes a [`StoreError`] where the file's path is known.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(Error),
    Store(StoreError),
    /// The file contradicts itself; the words say in what.
    Damaged(&'static str),
}

pub(crate) type Outcome<T> = Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    /// Whether the disk failed to keep what it had taken. What is in the file is then unknown, and asking again
    /// may be answered with a success that means nothing.
    pub(crate) fn is_lost_sync(&self) -> bool {
        let Self::Sqlite(Error::SqliteFailure(error, _)) = self else { return false };
        matches!(error.extended_code, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
    }

    /// The error for the caller, about a file.
    pub(crate) fn at(self, path: &Path) -> StoreError {
        if self.is_lost_sync() {
            return lost_sync(path);
        }
        match self {
            Self::Store(error) => error,
            Self::Damaged(what) => damaged(path, what),
            Self::Sqlite(error) => from_sqlite(path, &error),
        }
    }
}

fn from_sqlite(path: &Path, error: &Error) -> StoreError {
    let file = path.display();
    let Error::SqliteFailure(code, _) = error else {
        return damaged(path, &format!("unexpected value: {error}"));
    };
    match code.code {
        _ if code.extended_code == ffi::SQLITE_IOERR_SHMSIZE => full(path),
        ErrorCode::DiskFull => full(path),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => damaged(path, &error.to_string()),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            unavailable(format!("{file} is busy: {error}"))
        }
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly => unavailable(format!(
            "{file} cannot be opened for writing: {error}; check that it exists and who owns it"
        )),
        _ => unavailable(format!("{file}: {error}")),
    }
}

fn unavailable(message: String) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, message)
}

fn full(path: &Path) -> StoreError {
    let message = format!("the disk that holds {} is full; nothing was changed; make room", path.display());
    StoreError::new(StoreErrorKind::Full, message)
}

fn lost_sync(path: &Path) -> StoreError {
    let message = format!(
        "the disk failed to keep {}; stop the server, look after the disk, then run `loquat check`",
        path.display()
    );
    StoreError::new(StoreErrorKind::Damaged, message)
}

/// The error for a file that cannot be trusted.
pub(crate) fn damaged(path: &Path, what: &str) -> StoreError {
    let message = format!(
        "{} is damaged ({what}); stop the server, keep a copy of the file, and restore it from a backup",
        path.display()
    );
    StoreError::new(StoreErrorKind::Damaged, message)
}
