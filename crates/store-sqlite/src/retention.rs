//! Forgetting what is old. Entries lie in log order and times rise with it, so the old ones are the first ones.

use std::collections::BTreeSet;

use loquat_protocol::PartitionId;
use rusqlite::{Connection, params};

use crate::{
    cursors,
    error::Outcome,
    ids::{SEQ_MAX, entry_id, seq_of, signed},
    index,
    timelines::Timelines,
};

/// Most rows deleted by one call, whatever the caller allows: a transaction must not keep the projector waiting.
const ROWS_MAX: usize = 10_000;

/// The first rows of a partition that are old enough.
struct Old {
    rows: usize,
    last_seq: u64,
    timelines: BTreeSet<i64>,
    more: bool,
}

/// Deletes old rows of a partition; `true` when there may be more.
pub(crate) fn prune(
    connection: &Connection,
    timelines: &mut Timelines,
    partition: PartitionId,
    before_ms: u64,
    limit: usize,
) -> Outcome<bool> {
    let old = find_old(connection, partition, before_ms, limit.min(ROWS_MAX))?;
    if old.rows > 0 {
        let mut delete = connection.prepare_cached("DELETE FROM entry WHERE id BETWEEN ?1 AND ?2")?;
        delete.execute(params![entry_id(partition, 0), entry_id(partition, old.last_seq)])?;
        cursors::prune(connection, partition, old.last_seq, old.rows)?;
        for timeline in &old.timelines {
            forget(connection, timelines, *timeline, old.last_seq)?;
        }
    }
    Ok(old.more)
}

fn find_old(connection: &Connection, partition: PartitionId, before_ms: u64, limit: usize) -> Outcome<Old> {
    let after = cursors::read(connection, partition)?.pruned_seq;
    let mut select = connection.prepare_cached(
        "SELECT id, timeline FROM entry WHERE id > ?1 AND id <= ?2 AND time_ms < ?3 ORDER BY id LIMIT ?4",
    )?;
    let mut old = Old { rows: 0, last_seq: after, timelines: BTreeSet::new(), more: false };
    // Without an end to the scan, a partition where nothing is old would be read to its end.
    let end = crate::bounds::first_at_or_after(connection, partition, before_ms)?;
    let to = entry_id(partition, end.unwrap_or(SEQ_MAX + 1).saturating_sub(1));
    let mut rows =
        select.query(params![entry_id(partition, after), to, signed(before_ms), limit as i64 + 1])?;
    while let Some(row) = rows.next()? {
        if old.rows == limit {
            old.more = true;
            break;
        }
        old.rows += 1;
        old.last_seq = seq_of(row.get(0)?);
        old.timelines.insert(row.get(1)?);
    }
    Ok(old)
}

/// Takes what was pruned out of a timeline's index. Numbers that stay behind in a run with newer ones do no harm:
/// queries begin above `pruned_seq`.
fn forget(connection: &Connection, timelines: &mut Timelines, id: i64, pruned_seq: u64) -> Outcome<()> {
    let mut newer = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM run WHERE timeline = ?1 AND last_seq > ?2)")?;
    let pruned = pruned_seq as i64;
    let lives = index::tail(connection, id)?.last() > pruned_seq
        || newer.query_row(params![id, pruned], |row| row.get::<_, bool>(0))?;
    if !lives {
        return index::delete(connection, timelines, id);
    }
    let mut delete = connection
        .prepare_cached("DELETE FROM run WHERE timeline = ?1 AND first_seq <= ?2 AND last_seq <= ?2")?;
    delete.execute(params![id, pruned])?;
    Ok(())
}
