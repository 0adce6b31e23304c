//! The connection that writes people and rooms, and what of the log it has made durable.

use std::collections::BTreeMap;

use loquat_protocol::PartitionId;
use loquat_store::StoreError;
use rusqlite::Connection;

use super::versions;
use crate::{connection::DatabaseFile, error::Outcome, options::Options, transactions::Transactions};

/// The writing side of `people.sqlite`.
pub(crate) struct PeopleWriter {
    transactions: Transactions,
    /// How far each partition is counted, and how far of that survives a power loss.
    applied: BTreeMap<PartitionId, u64>,
    durable: BTreeMap<PartitionId, u64>,
}

impl PeopleWriter {
    pub(crate) fn open(file: &DatabaseFile, options: &Options) -> Result<Self, StoreError> {
        let transactions = Transactions::open(file, options)?;
        Ok(Self { transactions, applied: BTreeMap::new(), durable: BTreeMap::new() })
    }

    /// Goes on where the file stands.
    pub(crate) fn resume(&mut self, cursors: Vec<(PartitionId, u64)>) -> Result<(), StoreError> {
        self.applied = cursors.into_iter().collect();
        self.sync()
    }

    /// Does work in a transaction and waits for the disk.
    pub(crate) fn durably<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        let before = self.transactions.rows_written();
        let outcome = self.transactions.change_durably(work)?;
        // A transaction that wrote nothing has synced nothing.
        if self.transactions.rows_written() > before && self.durable != self.applied {
            self.durable.clone_from(&self.applied);
        }
        Ok(outcome)
    }

    /// Does work in a transaction and leaves the disk its time.
    pub(crate) fn lazily<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        self.transactions.change(work)
    }

    /// Takes note that a batch was committed.
    pub(crate) fn note_applied(&mut self, partition: PartitionId, to_seq: u64) {
        self.applied.insert(partition, to_seq);
    }

    pub(crate) fn durable_seq(&self, partition: PartitionId) -> u64 {
        self.durable.get(&partition).copied().unwrap_or(0)
    }

    /// Makes everything committed so far durable.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        if self.durable != self.applied {
            self.durably(versions::touch)?;
        }
        Ok(())
    }
}
