//! Opening the files, each in its own mode.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use loquat_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::{
    error::{Failure, Outcome},
    header,
    migrate::{self, DIRECTORY, PEOPLE, STORE, Schema},
    options::Options,
};

/// Page size of new files. With 4 KiB a small batch writes little; larger pages pay only for bodies of many KiB.
pub(crate) const PAGE_BYTES: usize = 4096;

/// A write-ahead log that grew beyond the usual size is cut back to this when it starts over.
const WAL_KEPT_BYTES: i64 = 64 << 20;

/// When a commit waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Synchronous {
    /// Never; only checkpoints do. A power loss takes back the newest commits, in order, whole.
    Normal,
    /// Always. In WAL mode a commit syncs the write-ahead log, all that was written to it before included; what left
    /// it before was synced by the checkpoint that moved it.
    Full,
}

impl Synchronous {
    /// Sets the mode; not within a transaction.
    pub(crate) fn set(self, connection: &Connection) -> rusqlite::Result<()> {
        let sql = match self {
            Self::Normal => "PRAGMA synchronous = NORMAL",
            Self::Full => "PRAGMA synchronous = FULL",
        };
        connection.prepare_cached(sql)?.execute([]).map(|_| ())
    }
}

/// A database file and what should be in it.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseFile {
    path: PathBuf,
    schema: &'static Schema,
}

impl DatabaseFile {
    pub(crate) fn store(dir: &Path) -> Self {
        Self { path: dir.join(STORE.file), schema: &STORE }
    }

    pub(crate) fn directory(dir: &Path) -> Self {
        Self { path: dir.join(DIRECTORY.file), schema: &DIRECTORY }
    }

    pub(crate) fn people(dir: &Path) -> Self {
        Self { path: dir.join(PEOPLE.file), schema: &PEOPLE }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path with SQLite's suffix for the write-ahead log.
    pub(crate) fn wal_path(&self) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push("-wal");
        PathBuf::from(path)
    }

    /// Opens the file for writing; makes it and runs new migrations.
    pub(crate) fn open_for_writing(
        &self,
        mode: Synchronous,
        options: &Options,
    ) -> Result<Connection, StoreError> {
        self.prepare(mode, options).map_err(|failure| failure.at(&self.path))
    }

    fn prepare(&self, mode: Synchronous, options: &Options) -> Outcome<Connection> {
        if header::is_foreign(&self.path).unwrap_or(false) {
            return Err(Failure::Damaged("its first bytes are not those of a database"));
        }
        let exists = self.path.exists();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(options.busy_timeout)?;
        // Before anything is changed, so that a newer or a foreign file is left as it is.
        migrate::check_version(&connection, self.schema, &self.path)?;
        connection.pragma_update(None, "page_size", PAGE_BYTES as i64)?;
        let journal: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if journal != "wal" {
            return Err(Failure::Damaged("it cannot be switched to a write-ahead log"));
        }
        mode.set(&connection)?;
        connection.pragma_update(
            None,
            "wal_autocheckpoint",
            (options.checkpoint_bytes / PAGE_BYTES) as i64,
        )?;
        connection.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)?;
        set_up(&connection, options.page_cache_bytes)?;
        migrate::run(&connection, self.schema)?;
        if !exists {
            self.sync_names().map_err(Failure::Store)?;
        }
        Ok(connection)
    }

    /// Opens the file for reading. It exists, and a writing connection outlives this one.
    pub(crate) fn open_for_reading(&self, options: &Options) -> Outcome<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(options.busy_timeout)?;
        connection.pragma_update(None, "query_only", true)?;
        set_up(&connection, options.page_cache_bytes / 8)?;
        Ok(connection)
    }

    /// Makes the names in the file's directory durable.
    fn sync_names(&self) -> Result<(), StoreError> {
        sync_directory(self.path.parent().unwrap_or(Path::new(".")))
    }
}

fn set_up(connection: &Connection, cache_bytes: usize) -> rusqlite::Result<()> {
    // Negative: in KiB rather than in pages.
    connection.pragma_update(None, "cache_size", -((cache_bytes / 1024) as i64))?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Makes the names in a directory durable.
pub(crate) fn sync_directory(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| io_error(dir, &error))
}

/// Bytes of a file; 0 when there is none.
pub(crate) fn file_bytes(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The error for a failed file operation.
pub(crate) fn io_error(path: &Path, error: &std::io::Error) -> StoreError {
    let kind = match error.kind() {
        std::io::ErrorKind::StorageFull => loquat_store::StoreErrorKind::Full,
        _ => loquat_store::StoreErrorKind::Unavailable,
    };
    StoreError::new(kind, format!("{}: {error}", path.display()))
}
