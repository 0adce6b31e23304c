//! Removing an app, in steps.

use loquat_protocol::{AppId, PartitionId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{cursors, error::Outcome, ids::entry_id, index, seqs::unpack, timelines::Timelines};

/// Rows after which a step ends.
const ROWS_PER_STEP: usize = 5_000;

/// Removes some of an app; `true` when there is more.
pub(crate) fn step(connection: &Connection, timelines: &mut Timelines, app: &AppId) -> Outcome<bool> {
    let mut budget = ROWS_PER_STEP;
    while budget > 0 {
        let mut select =
            connection.prepare_cached("SELECT id, partition FROM timeline WHERE app = ?1 LIMIT 1")?;
        let found = select.query_row([app.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((timeline, partition)) = found else { return Ok(false) };
        let partition = PartitionId(partition);
        let mut removed = remove_run(connection, timeline, partition)?;
        if removed.is_none() {
            removed =
                Some(remove_entries(connection, partition, index::tail(connection, timeline)?.bytes())?);
            index::delete(connection, timelines, timeline)?;
        }
        // A timeline costs something even when nothing is left of it.
        budget = budget.saturating_sub(removed.unwrap_or(0).max(1));
    }
    Ok(true)
}

/// Removes the oldest run of a timeline and its entries; `None` when there is none.
fn remove_run(connection: &Connection, timeline: i64, partition: PartitionId) -> Outcome<Option<usize>> {
    let mut select = connection
        .prepare_cached("SELECT first_seq, seqs FROM run WHERE timeline = ?1 ORDER BY first_seq LIMIT 1")?;
    let found: Option<(i64, Vec<u8>)> =
        select.query_row([timeline], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((first_seq, seqs)) = found else { return Ok(None) };
    let removed = remove_entries(connection, partition, &seqs)?;
    connection
        .prepare_cached("DELETE FROM run WHERE timeline = ?1 AND first_seq = ?2")?
        .execute(params![timeline, first_seq])?;
    Ok(Some(removed))
}

/// Removes the entries of a packed list; those that were pruned before are not counted again.
fn remove_entries(connection: &Connection, partition: PartitionId, seqs: &[u8]) -> Outcome<usize> {
    let mut delete = connection.prepare_cached("DELETE FROM entry WHERE id = ?1")?;
    let mut removed = 0;
    for seq in unpack(seqs)? {
        removed += delete.execute([entry_id(partition, seq)])?;
    }
    cursors::forget(connection, partition, removed)?;
    Ok(removed)
}
