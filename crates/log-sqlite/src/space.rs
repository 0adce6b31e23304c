//! Room on the disk, taken before it is needed.
//!
//! A commit goes to the write-ahead log, whose blocks are there already, and the database grows only when the log is
//! copied: too late to refuse what was acknowledged. So the blocks that the next copy can need are taken beforehand, and
//! where they can't be had appends are refused as [`Full`](loquat_log::LogErrorKind::Full). Truncation needs none and so
//! works on a full disk, and pages that it frees count as room.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use rusqlite::Connection;

use crate::schema::PAGE_BYTES;

/// The blocks of the database file.
///
/// Its file must not be closed before the last connection to the database: closing any descriptor of a file drops the
/// locks that SQLite holds on it.
pub(crate) struct Space {
    file: File,
    /// What the next copy of the write-ahead log can need.
    ahead_bytes: u64,
    /// Up to here the file has its blocks.
    taken_bytes: u64,
}

impl Space {
    pub(crate) fn open(database: &Path, wal_bytes: u64) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(database)?;
        Ok(Self { file, ahead_bytes: wal_bytes * 2, taken_bytes: 0 })
    }

    /// Makes sure that everything the write-ahead log can hold has room in the database. False when the disk is full.
    ///
    /// # Errors
    /// When the database can't be asked how large it is.
    pub(crate) fn take(&mut self, connection: &Connection) -> rusqlite::Result<bool> {
        let pragma = |name: &str| -> rusqlite::Result<u64> {
            connection.prepare_cached(&format!("PRAGMA {name}"))?.query_row([], |row| row.get(0))
        };
        let used = pragma("page_count")?.saturating_sub(pragma("freelist_count")?) * u64::from(PAGE_BYTES);
        let needed = used + self.ahead_bytes;
        if needed > self.taken_bytes {
            match allocate(&self.file, needed) {
                Ok(()) => self.taken_bytes = needed,
                Err(error) if is_full(&error) => return Ok(false),
                // Not every file system can; then a full disk shows when the write-ahead log outgrows its size.
                Err(error) => {
                    tracing::warn!(%error, "space can't be reserved on this file system");
                    self.taken_bytes = u64::MAX;
                }
            }
        }
        Ok(true)
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Gives the file blocks up to `end`, without making it longer.
#[cfg(target_os = "linux")]
fn allocate(file: &File, end: u64) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    let end = i64::try_from(end).map_err(io::Error::other)?;
    // SAFETY: a call on a descriptor that is open, with numbers only.
    match unsafe { libc::fallocate(file.as_raw_fd(), libc::FALLOC_FL_KEEP_SIZE, 0, end) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(target_os = "linux"))]
fn allocate(_: &File, _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
