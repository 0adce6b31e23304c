//! A copy of a log while it is in use.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
};

use crate::{OpenError, SqliteLog, schema};

impl SqliteLog {
    /// Writes a copy of the log as it is at this moment to `to`, which must not exist; appends go on meanwhile. Blocks.
    ///
    /// # Errors
    /// As [`backup`].
    pub fn backup_to(&self, to: &Path) -> Result<(), OpenError> {
        backup(self.file(), to)
    }
}

/// Writes a copy of the log in `from` to `to`, also while another process has the log open. The copy is one file, as
/// small as its content allows, and durable when this returns; before that nothing is at `to`.
///
/// While it runs the write-ahead log can't be reused, so it grows by what is appended meanwhile.
///
/// # Errors
/// [`OpenError::Storage`] when `to` exists or can't be written; [`OpenError::NotALog`], [`OpenError::Newer`],
/// [`OpenError::Damaged`] when `from` isn't a sound log.
pub fn backup(from: &Path, to: &Path) -> Result<(), OpenError> {
    if to.exists() {
        return Err(OpenError::storage(to, "it exists already"));
    }
    let connection = schema::open_known(from)?;
    let part = part_of(to);
    // Left behind by a backup that was interrupted.
    let _ = fs::remove_file(&part);
    let copied = connection
        .execute("VACUUM INTO ?1", [part.to_string_lossy()])
        .map_err(|error| OpenError::sqlite(from, &error))
        .and_then(|_| make_durable(&part, to).map_err(|error| OpenError::storage(to, error)));
    if copied.is_err() {
        let _ = fs::remove_file(&part);
    }
    copied
}

/// SQLite doesn't sync what it copies.
fn make_durable(part: &Path, to: &Path) -> std::io::Result<()> {
    OpenOptions::new().write(true).open(part)?.sync_all()?;
    fs::rename(part, to)?;
    schema::sync_directory(to)
}

fn part_of(to: &Path) -> PathBuf {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    part.into()
}
