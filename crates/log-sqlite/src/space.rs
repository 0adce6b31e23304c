//! Room on the disk, asked for before it is needed.
//!
//! A commit goes to the write-ahead log, whose blocks are there already; the database grows only when that is copied,
//! which is too late to refuse what was acknowledged. So appends are refused as [`Full`](loquat_log::LogErrorKind::Full)
//! already when the disk has no room for what the next copies can need. Truncation goes on then, because it needs none,
//! and pages that it frees count as room. Should others take the room in between, nothing is lost: the write-ahead log
//! grows until it can't, and appends are refused from there.

use std::{ffi::CString, io, os::unix::ffi::OsStrExt, path::Path};

use rusqlite::Connection;

use crate::schema::PAGE_BYTES;

/// The room of the file system that a log lives on.
pub(crate) struct Space {
    database: CString,
    /// What this and the next filling of the write-ahead log can need.
    ahead_bytes: u64,
}

impl Space {
    pub(crate) fn of(database: &Path, wal_bytes: u64) -> io::Result<Self> {
        Ok(Self { database: CString::new(database.as_os_str().as_bytes())?, ahead_bytes: wal_bytes * 2 })
    }

    /// Whether the database can take what the write-ahead log may bring.
    ///
    /// # Errors
    /// When the database can't be asked for its free pages.
    pub(crate) fn is_enough(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let free_pages: u64 =
            connection.prepare_cached("PRAGMA freelist_count")?.query_row([], |row| row.get(0))?;
        let needed = self.ahead_bytes.saturating_sub(free_pages * u64::from(PAGE_BYTES));
        Ok(needed == 0 || available(&self.database).is_none_or(|available| available >= needed))
    }
}

/// Bytes that may still be written; none when the file system doesn't tell.
fn available(path: &CString) -> Option<u64> {
    // SAFETY: an all-zero statvfs is valid, the path ends in a zero byte, and the call only writes into the struct.
    unsafe {
        let mut told: libc::statvfs = std::mem::zeroed();
        (libc::statvfs(path.as_ptr(), &raw mut told) == 0).then_some(told.f_bavail * told.f_frsize)
    }
}
