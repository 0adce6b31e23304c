//! Where the partitions of a log stand, without opening it for writing.

use std::path::Path;

use crate::{OpenError, recover, schema, upgrade};

/// Where a partition stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The oldest entry held; `head_seq + 1` when nothing is held.
    pub first_seq: u64,
    /// The newest entry, or the last sequence number that was given out; 0 in a log that was never written.
    pub head_seq: u64,
    /// The current epoch.
    pub epoch: u16,
}

/// Reads where every partition of the log in `file` stands, as of one moment, also while another process has it open.
///
/// # Errors
/// [`OpenError`] when there is no sound log.
pub fn spans(file: &Path) -> Result<Vec<Span>, OpenError> {
    let connection = schema::open_known(file)?;
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    connection.execute_batch("BEGIN").map_err(sqlite)?;
    let count: u16 = connection
        .query_row("SELECT value FROM meta WHERE name='partitions'", [], |row| row.get(0))
        .map_err(sqlite)?;
    if upgrade::is_needed(&connection).map_err(sqlite)? {
        return upgrade::spans(&connection, count).map_err(sqlite);
    }
    let partitions = recover::partitions(&connection, file, count)?;
    let span = |partition: crate::state::Partition| Span {
        first_seq: partition.first_seq,
        head_seq: partition.serial.seq,
        epoch: partition.epoch(),
    };
    Ok(partitions.into_iter().map(span).collect())
}
