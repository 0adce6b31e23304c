//! Figures for an operator.

use std::path::Path;

use loquat_store::StoreError;

use crate::{
    SqliteStore,
    connection::{DatabaseFile, file_bytes},
    ids::unsigned,
    people::{persons, rooms},
};

/// What the store holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stats {
    /// Entries in the projection.
    pub rows: u64,
    /// Channels with at least one entry.
    pub channels: u64,
    /// Apps.
    pub apps: u64,
    /// Keys, revoked ones too.
    pub keys: u64,
    /// People, deactivated ones too.
    pub people: u64,
    /// Rooms, archived ones too.
    pub rooms: u64,
    /// Bytes on disk, write-ahead logs included.
    pub bytes: u64,
}

impl SqliteStore {
    /// What the store holds. Rows are counted as they come and go; channels are counted by a walk over their names.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let (rows, channels) = self.readers.read(|connection| {
            let rows =
                connection.query_row("SELECT coalesce(sum(rows), 0) FROM cursor", [], |row| row.get(0))?;
            let sql = "SELECT count(*) FROM (SELECT DISTINCT app, name FROM timeline)";
            let channels = connection.query_row(sql, [], |row| row.get(0))?;
            Ok((unsigned(rows)?, unsigned(channels)?))
        })?;
        let (apps, keys) = self.directory.read(|connection| {
            let sql = "SELECT (SELECT count(*) FROM app), (SELECT count(*) FROM key)";
            let (apps, keys) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok((unsigned(apps)?, unsigned(keys)?))
        })?;
        let (people, rooms) =
            self.people.read(|connection| Ok((persons::count(connection)?, rooms::count(connection)?)))?;
        let files = [&self.file, self.directory.file(), self.people.file()];
        let bytes = files.into_iter().map(bytes_of).sum();
        Ok(Stats { rows, channels, apps, keys, people, rooms, bytes })
    }

    /// The directory that the store is in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

fn bytes_of(file: &DatabaseFile) -> u64 {
    file_bytes(file.path()) + file_bytes(&file.wal_path())
}
