//! The cursor table.

use loquat_protocol::PartitionId;
use loquat_store::{Cursor, Retention};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{error::Outcome, ids::unsigned};

/// A partition's cursor; zeros where there is none.
pub(crate) fn read(connection: &Connection, partition: PartitionId) -> Outcome<Cursor> {
    let mut select = connection.prepare_cached(
        "SELECT seq, durable_seq, pruned_seq, rooms_pruned_seq FROM cursor WHERE partition = ?1",
    )?;
    let found: Option<[i64; 4]> = select
        .query_row([partition.0], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
        .optional()?;
    let Some([seq, durable_seq, pruned_seq, rooms_pruned_seq]) = found else { return Ok(Cursor::default()) };
    Ok(Cursor {
        seq: unsigned(seq)?,
        durable_seq: unsigned(durable_seq)?,
        pruned_seq: unsigned(pruned_seq)?,
        rooms_pruned_seq: unsigned(rooms_pruned_seq)?,
    })
}

/// Moves a cursor and counts the rows that came.
pub(crate) fn advance(
    connection: &Connection,
    partition: PartitionId,
    to_seq: u64,
    rows: usize,
) -> Outcome<()> {
    let mut upsert = connection.prepare_cached(
        "INSERT INTO cursor (partition, seq, durable_seq, pruned_seq, rows) VALUES (?1, ?2, 0, 0, ?3)
         ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq, rows = rows + excluded.rows",
    )?;
    upsert.execute(params![partition.0, to_seq as i64, rows as i64])?;
    Ok(())
}

/// Takes note that retention deleted `rows` rows of a class up to a sequence number.
pub(crate) fn prune(
    connection: &Connection,
    partition: PartitionId,
    retention: Retention,
    pruned_seq: u64,
    rows: usize,
) -> Outcome<()> {
    let mut update = connection.prepare_cached(match retention {
        Retention::Realtime => {
            "UPDATE cursor SET pruned_seq = max(pruned_seq, ?2), rows = rows - ?3 WHERE partition = ?1"
        }
        Retention::Rooms => {
            "UPDATE cursor SET rooms_pruned_seq = max(rooms_pruned_seq, ?2), rows = rows - ?3 WHERE partition = ?1"
        }
    })?;
    update.execute(params![partition.0, pruned_seq as i64, rows as i64])?;
    Ok(())
}

/// Takes note that `rows` rows were removed for another reason.
pub(crate) fn forget(connection: &Connection, partition: PartitionId, rows: usize) -> Outcome<()> {
    let mut update = connection.prepare_cached("UPDATE cursor SET rows = rows - ?2 WHERE partition = ?1")?;
    update.execute(params![partition.0, rows as i64])?;
    Ok(())
}

/// Moves every `durable_seq` up to its `seq`. True once the transaction has been synced, and, as later frames of the
/// write-ahead log count only when all earlier ones are whole, never seen after a power loss that took a row back.
pub(crate) fn settle(connection: &Connection) -> Outcome<()> {
    connection.execute("UPDATE cursor SET durable_seq = seq WHERE durable_seq <> seq", [])?;
    connection.execute("UPDATE sync SET count = count + 1", [])?;
    Ok(())
}
