//! The connection that writes the projection: one transaction at a time, all or nothing.

use loquat_store::{StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::{
    connection::{DatabaseFile, Synchronous, file_bytes},
    cursors,
    error::{Failure, Outcome},
    options::Options,
    timelines::Timelines,
};

/// Past this many times the usual size of the write-ahead log, a sync waits for readers so that it can start over.
const WAL_OVERGROWN: u64 = 8;

/// How long such a sync waits. A backup holds its snapshot for longer, and is left in peace.
const WAL_RESTART_WAIT: std::time::Duration = std::time::Duration::from_millis(50);

/// The writing side of `store.sqlite`.
pub(crate) struct Writer {
    connection: Connection,
    pub(crate) timelines: Timelines,
    file: DatabaseFile,
    options: Options,
    /// Whether something was committed since the last sync.
    unsynced: bool,
    /// Whether a sync has failed: nothing can be promised any more.
    lost: bool,
}

impl Writer {
    pub(crate) fn open(file: &DatabaseFile, options: &Options) -> Result<Self, StoreError> {
        let connection = file.open_for_writing(Synchronous::Normal, options)?;
        let timelines = Timelines::new(options.timelines_max);
        // What a killed process committed last may not have reached the disk yet.
        let unsynced = true;
        Ok(Self {
            connection,
            timelines,
            file: file.clone(),
            options: options.clone(),
            unsynced,
            lost: false,
        })
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
        self.unsynced |= outcome.is_ok();
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
        self.restart_overgrown_wal();
        Ok(())
    }

    fn set(&self, mode: Synchronous) -> Result<(), StoreError> {
        mode.set(&self.connection).map_err(|error| Failure::from(error).at(self.file.path()))
    }

    /// Readers that follow on each other without a pause keep the write-ahead log from starting over; then it grows
    /// and slows every reader. Waits a moment for them to end. Not getting it is no error: the next sync tries again.
    fn restart_overgrown_wal(&self) {
        if file_bytes(&self.file.wal_path()) < WAL_OVERGROWN * self.options.checkpoint_bytes as u64 {
            return;
        }
        let attempt = self
            .connection
            .busy_timeout(WAL_RESTART_WAIT)
            .and_then(|()| self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)))
            .and_then(|busy: i64| {
                self.connection.busy_timeout(self.options.busy_timeout).map(|()| busy != 0)
            });
        tracing::debug!(?attempt, "write-ahead log of the store is overgrown");
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
