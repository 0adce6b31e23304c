//! How far a partition was at its last truncation.

use rusqlite::Connection;

/// A row of `floor`: what is below it is gone for everybody, though blocks that others need may hold it still.
#[derive(Clone, Copy)]
pub(crate) struct Floor {
    /// The oldest entry held.
    pub(crate) first_seq: u64,
    /// The newest entry at that time, held or not.
    pub(crate) head_seq: u64,
    /// The newest entry's time.
    pub(crate) head_ms: u64,
}

impl Floor {
    pub(crate) fn read(connection: &Connection, partition: u16) -> rusqlite::Result<Self> {
        connection
            .prepare_cached("SELECT first_seq, head_seq, head_time_ms FROM floor WHERE partition=?1")?
            .query_row([partition], |row| {
                Ok(Self { first_seq: row.get(0)?, head_seq: row.get(1)?, head_ms: row.get(2)? })
            })
    }

    /// The floors of so many partitions.
    pub(crate) fn read_all(connection: &Connection, partitions: u16) -> rusqlite::Result<Vec<Self>> {
        (0..partitions).map(|partition| Self::read(connection, partition)).collect()
    }

    /// Whether blocks may go on with entry `first_seq` where `next_seq` is due: only what is truncated may be missing.
    pub(crate) fn allows(&self, next_seq: u64, first_seq: u64) -> bool {
        next_seq == first_seq || (next_seq < first_seq && first_seq <= self.first_seq)
    }
}
