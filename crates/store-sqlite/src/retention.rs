//! Forgetting what is old. Entries lie in log order and times rise with it, so the old ones are the first ones; those of
//! a class that is kept for longer stay between them, and are passed over once.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use loquat_protocol::PartitionId;
use loquat_store::Retention;
use rusqlite::{Connection, params};

use crate::{
    bounds, cursors,
    error::Outcome,
    ids::{SEQ_MAX, entry_id, retention_number, seq_of},
    index,
    timelines::Timelines,
};

/// Most rows looked at by one call, whatever the caller allows: a transaction must not keep the projector waiting.
const ROWS_MAX: usize = 10_000;

/// The first rows of a class that are old enough.
#[derive(Default)]
struct Old {
    rows: usize,
    /// Where they lie: neighbours share a range, so that rows are deleted in few statements.
    ids: Vec<RangeInclusive<i64>>,
    timelines: BTreeSet<i64>,
    /// The last row looked at, of whichever class.
    passed_id: Option<i64>,
    more: bool,
}

impl Old {
    /// Takes note of a row; `follows`: the row before it was of the class too.
    fn add(&mut self, id: i64, timeline: i64, follows: bool) {
        self.rows += 1;
        self.timelines.insert(timeline);
        match self.ids.last_mut() {
            Some(range) if follows => *range = *range.start()..=id,
            _ => self.ids.push(id..=id),
        }
    }
}

/// Deletes old rows of a class in a partition; `true` when there may be more.
pub(crate) fn prune(
    connection: &Connection,
    timelines: &mut Timelines,
    (partition, retention): (PartitionId, Retention),
    before_ms: u64,
    limit: usize,
) -> Outcome<bool> {
    let old = find_old(connection, partition, retention, before_ms, limit)?;
    let Some(passed_id) = old.passed_id else { return Ok(old.more) };
    let mut delete = connection.prepare_cached("DELETE FROM entry WHERE id BETWEEN ?1 AND ?2")?;
    for ids in &old.ids {
        delete.execute([ids.start(), ids.end()])?;
    }
    let pruned_seq = seq_of(passed_id);
    cursors::prune(connection, partition, retention, pruned_seq, old.rows)?;
    for timeline in &old.timelines {
        forget(connection, timelines, *timeline, pruned_seq)?;
    }
    Ok(old.more)
}

fn find_old(
    connection: &Connection,
    partition: PartitionId,
    retention: Retention,
    before_ms: u64,
    limit: usize,
) -> Outcome<Old> {
    let after = cursors::read(connection, partition)?.pruned_seq_of(retention);
    // Without an end to the scan, a partition where nothing is old would be read to its end.
    let end = bounds::first_at_or_after(connection, partition, after + 1, before_ms)?;
    let to = end.unwrap_or(SEQ_MAX + 1).saturating_sub(1);
    let mut old = Old::default();
    if to <= after {
        return Ok(old);
    }
    let mut select =
        connection.prepare_cached("SELECT id, timeline FROM entry WHERE id > ?1 AND id <= ?2 ORDER BY id")?;
    let mut rows = select.query([entry_id(partition, after), entry_id(partition, to)])?;
    let (mut classes, mut follows) = (BTreeMap::new(), false);
    for passed in 0.. {
        let Some(row) = rows.next()? else { break };
        if passed == ROWS_MAX {
            old.more = true;
            break;
        }
        let (id, timeline) = (row.get(0)?, row.get(1)?);
        let is_old = class_of(connection, &mut classes, timeline)? == retention_number(retention);
        if is_old && old.rows == limit {
            old.more = true;
            break;
        }
        if is_old {
            old.add(id, timeline, follows);
        }
        (old.passed_id, follows) = (Some(id), is_old);
    }
    Ok(old)
}

/// The class of a timeline, looked up once per call.
fn class_of(connection: &Connection, known: &mut BTreeMap<i64, i64>, timeline: i64) -> Outcome<i64> {
    if let Some(class) = known.get(&timeline) {
        return Ok(*class);
    }
    let mut select = connection.prepare_cached("SELECT retention FROM timeline WHERE id = ?1")?;
    let class = select.query_row([timeline], |row| row.get(0))?;
    known.insert(timeline, class);
    Ok(class)
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
