//! The connection that writes the projection: one transaction at a time, all or nothing.

use loquat_store::{StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::{
    checkpoints::Checkpoints,
    connection::{DatabaseFile, Synchronous},
    cursors,
    error::{Failure, Outcome},
    options::Options,
    timelines::Timelines,
};

/// The writing side of `store.sqlite`.
pub(crate) struct Writer {
    connection: Connection,
    pub(crate) timelines: Timelines,
    checkpoints: Checkpoints,
    file: DatabaseFile,
    /// Whether something was committed since the last sync.
    unsynced: bool,
    /// Whether a sync has failed: nothing can be promised any more.
    lost: bool,
}

impl Writer {
    pub(crate) fn open(file: &DatabaseFile, options: &Options) -> Result<Self, StoreError> {
        let mut connection = file.open_for_writing(Synchronous::Normal, options)?;
        let checkpoints = Checkpoints::attach(&mut connection, options)
            .map_err(|error| Failure::from(error).at(file.path()))?;
        let timelines = Timelines::new(options.timelines_max);
        // What a killed process committed last may not have reached the disk yet.
        let unsynced = true;
        Ok(Self { connection, timelines, file: file.clone(), checkpoints, unsynced, lost: false })
    }

    /// Does work in a transaction; commits when it succeeds, takes all of it back when it or the commit fails.
    pub(crate) fn change<T>(
        &mut self,
        work: impl FnOnce(&Connection, &mut Timelines) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        if self.lost {
            return Err(self.lost_error());
        }
        let outcome = transact(&self.connection, |connection| work(connection, &mut self.timelines));
        if outcome.is_ok() {
            self.unsynced = true;
            // What was committed stands; the next call tells that the disk can't be trusted with it.
            self.lost |= self.checkpoints.after_commit(&self.connection).is_err();
        }
        outcome.map_err(|failure| {
            self.lost |= failure.is_lost_sync();
            failure.at(self.file.path())
        })
    }

    /// Makes everything committed so far durable and says so in the cursors, with one sync of the write-ahead log.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        if !self.unsynced {
            return Ok(());
        }
        self.set(Synchronous::Full)?;
        let outcome = self.change(|connection, _| cursors::settle(connection));
        self.set(Synchronous::Normal)?;
        outcome?;
        self.unsynced = false;
        Ok(())
    }

    fn set(&self, mode: Synchronous) -> Result<(), StoreError> {
        mode.set(&self.connection).map_err(|error| Failure::from(error).at(self.file.path()))
    }

    fn lost_error(&self) -> StoreError {
        let file = self.file.path().display();
        StoreError::new(
            StoreErrorKind::Damaged,
            format!("the disk failed to keep {file} earlier; stop the server"),
        )
    }
}

/// Does work in a write transaction on a connection.
pub(crate) fn transact<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Outcome<T>,
) -> Outcome<T> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let outcome = work(connection).and_then(|value| {
        connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(value)
    });
    // Some failures end the transaction by themselves.
    if outcome.is_err() && !connection.is_autocommit() {
        connection.prepare_cached("ROLLBACK")?.execute([])?;
    }
    outcome
}
