//! The connection that writes the projection.

use loquat_store::StoreError;
use rusqlite::Connection;

use crate::{
    connection::DatabaseFile, cursors, error::Outcome, options::Options, timelines::Timelines,
    transactions::Transactions,
};

/// The writing side of `store.sqlite`.
pub(crate) struct Writer {
    transactions: Transactions,
    pub(crate) timelines: Timelines,
    /// Whether something was committed since the last sync.
    unsynced: bool,
}

impl Writer {
    pub(crate) fn open(file: &DatabaseFile, options: &Options) -> Result<Self, StoreError> {
        let transactions = Transactions::open(file, options)?;
        let timelines = Timelines::new(options.timelines_max);
        // What a killed process committed last may not have reached the disk yet.
        Ok(Self { transactions, timelines, unsynced: true })
    }

    /// Does work in a transaction; commits when it succeeds, takes all of it back when it or the commit fails.
    pub(crate) fn change<T>(
        &mut self,
        work: impl FnOnce(&Connection, &mut Timelines) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        let outcome = self.transactions.change(|connection| work(connection, &mut self.timelines));
        self.unsynced |= outcome.is_ok();
        outcome
    }

    /// Makes everything committed so far durable and says so in the cursors, with one sync of the write-ahead log.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        if self.unsynced {
            self.transactions.change_durably(cursors::settle)?;
            self.unsynced = false;
        }
        Ok(())
    }
}
