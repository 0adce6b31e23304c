//! A connection that writes: one transaction at a time, all or nothing, and nothing more once a sync has failed.

use loquat_store::{StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::{
    checkpoints::Checkpoints,
    connection::{DatabaseFile, Synchronous},
    error::{Failure, Outcome},
    options::Options,
};

/// The writing side of a file whose commits wait for the disk only when told to.
pub(crate) struct Transactions {
    connection: Connection,
    checkpoints: Checkpoints,
    file: DatabaseFile,
    /// Whether a sync has failed: nothing can be promised any more.
    lost: bool,
}

impl Transactions {
    pub(crate) fn open(file: &DatabaseFile, options: &Options) -> Result<Self, StoreError> {
        let mut connection = file.open_for_writing(Synchronous::Normal, options)?;
        let checkpoints = Checkpoints::attach(&mut connection, options)
            .map_err(|error| Failure::from(error).at(file.path()))?;
        Ok(Self { connection, checkpoints, file: file.clone(), lost: false })
    }

    /// Does work in a transaction; commits when it succeeds, takes all of it back when it or the commit fails.
    pub(crate) fn change<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        if self.lost {
            return Err(self.lost_error());
        }
        let outcome = transact(&self.connection, work);
        if outcome.is_ok() {
            // What was committed stands; the next call tells that the disk can't be trusted with it.
            self.lost |= self.checkpoints.after_commit(&self.connection).is_err();
        }
        outcome.map_err(|failure| {
            self.lost |= failure.is_lost_sync();
            failure.at(self.file.path())
        })
    }

    /// The same, and waits for the disk: what the work wrote is then durable, and all that was committed before it. Work
    /// that writes nothing waits for nothing.
    pub(crate) fn change_durably<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        self.set(Synchronous::Full)?;
        let outcome = self.change(work);
        self.set(Synchronous::Normal)?;
        outcome
    }

    /// How many rows were ever written through the connection.
    pub(crate) fn rows_written(&self) -> u64 {
        self.connection.total_changes()
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
