//! Copies of the files while they are in use.

use std::{
    fs::{self, File},
    path::Path,
    time::Duration,
};

use loquat_store::{StoreError, StoreErrorKind};
use rusqlite::{Connection, backup::Backup};

use crate::{
    SqliteStore,
    connection::{DatabaseFile, io_error, sync_directory},
    error::Outcome,
    options::Options,
};

/// Pages copied at a time, and the pause after them, which leaves the disk and a core to the server.
const PAGES_PER_STEP: i32 = 512;
const PAUSE: Duration = Duration::from_millis(1);

impl SqliteStore {
    /// Copies the store into the existing directory `dir`, while it is in use: the projection as of one moment, then
    /// people and rooms, then apps and keys, each as of a later one. The copy is durable when the call returns, and is itself a store that opens.
    /// A copy that was broken off leaves files named `*.partial`.
    ///
    /// # Errors
    /// `Conflict` when `dir` holds a store already; `Full`, `Unavailable`, `Damaged`.
    pub fn backup_to(&self, dir: &Path) -> Result<(), StoreError> {
        let options = Options::default();
        let pairs = [
            (&self.file, DatabaseFile::store(dir)),
            (self.people.file(), DatabaseFile::people(dir)),
            (self.directory.file(), DatabaseFile::directory(dir)),
        ];
        if let Some((_, copy)) = pairs.iter().find(|(_, copy)| copy.path().exists()) {
            let message = format!("{} exists already; choose an empty directory", copy.path().display());
            return Err(StoreError::new(StoreErrorKind::Conflict, message));
        }
        for (source, copy) in &pairs {
            copy_file(source, copy.path(), &options)?;
        }
        sync_directory(dir)
    }
}

fn copy_file(source: &DatabaseFile, to: &Path, options: &Options) -> Result<(), StoreError> {
    let partial = to.with_extension("sqlite.partial");
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io_error(&partial, &error)),
        _ => {}
    }
    copy_pages(source, &partial, options).map_err(|failure| failure.at(source.path()))?;
    File::open(&partial)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&partial, to))
        .map_err(|error| io_error(to, &error))
}

fn copy_pages(source: &DatabaseFile, partial: &Path, options: &Options) -> Outcome<()> {
    let source = source.open_for_reading(options)?;
    // One snapshot for the whole copy: without it, each write of the server would start the copy over.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;")?;
    let mut copy = Connection::open(partial)?;
    // Nobody uses the copy before it is whole and synced, so it needs no journal.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    Backup::new(&source, &mut copy)?.run_to_completion(PAGES_PER_STEP, PAUSE, None)?;
    source.execute_batch("COMMIT")?;
    Ok(())
}
