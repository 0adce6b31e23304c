//! From times to sequence numbers, by halving: times never fall within a partition.

use loquat_protocol::PartitionId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    error::Outcome,
    ids::{SEQ_MAX, entry_id, seq_of, signed, unsigned},
};

/// An entry's place and time.
struct Mark {
    seq: u64,
    time_ms: u64,
}

/// The first mark that a statement finds between two sequence numbers.
fn mark(
    connection: &Connection,
    sql: &str,
    partition: PartitionId,
    from: u64,
    to: u64,
) -> Outcome<Option<Mark>> {
    let mut select = connection.prepare_cached(sql)?;
    let bounds = params![entry_id(partition, from), entry_id(partition, to)];
    let found: Option<(i64, i64)> =
        select.query_row(bounds, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((id, time_ms)) = found else { return Ok(None) };
    Ok(Some(Mark { seq: seq_of(id), time_ms: unsigned(time_ms)? }))
}

fn oldest_from(connection: &Connection, partition: PartitionId, from: u64) -> Outcome<Option<Mark>> {
    let sql = "SELECT id, time_ms FROM entry WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1";
    mark(connection, sql, partition, from, SEQ_MAX)
}

fn newest(connection: &Connection, partition: PartitionId) -> Outcome<Option<Mark>> {
    let sql = "SELECT id, time_ms FROM entry WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1";
    mark(connection, sql, partition, 0, SEQ_MAX)
}

/// The sequence number of the first entry of a partition, of those from `from` on, whose time is `time_ms` or later;
/// `None` when all are earlier. Reads about one page per halving.
pub(crate) fn first_at_or_after(
    connection: &Connection,
    partition: PartitionId,
    from: u64,
    time_ms: u64,
) -> Outcome<Option<u64>> {
    let time_ms = time_ms.min(signed(time_ms) as u64);
    let Some(last) = newest(connection, partition)? else { return Ok(None) };
    let Some(first) = oldest_from(connection, partition, from)? else { return Ok(None) };
    if last.time_ms < time_ms {
        return Ok(None);
    }
    // The usual answer to retention, which asks often.
    if first.time_ms >= time_ms {
        return Ok(Some(first.seq));
    }
    // Invariant: entries below `low` are earlier, and the one at `high` is not.
    let (mut low, mut high) = (first.seq, last.seq);
    while low < high {
        let middle = low + (high - low) / 2;
        match oldest_from(connection, partition, middle)? {
            Some(found) if found.time_ms < time_ms => low = found.seq + 1,
            Some(_) => high = middle,
            None => break,
        }
    }
    Ok(oldest_from(connection, partition, low)?.map(|found| found.seq))
}
