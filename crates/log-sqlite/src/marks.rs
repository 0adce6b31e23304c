//! Where each partition stood at some blocks: what finds a place without an index over all of them.
//!
//! Every so many blocks a row of `mark` is written in the same commit: for each partition `next_seq u64, time_ms u64`, as
//! they were before the block with the row's number. Both rise from mark to mark, so a place is found by halving. The
//! newest mark is never let go, nor is any that stands at or after a block that is held.

use loquat_protocol::PartitionId;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{block, error, keys::array};

/// Blocks from one mark to the next: what is looked through, at most, once the right mark is known.
pub(crate) const MARK_BLOCKS: u32 = 64;

const TAIL: usize = 16;

/// Where a partition stands before a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Tail {
    /// The number of its next entry.
    pub(crate) next_seq: u64,
    /// The time of its newest entry.
    pub(crate) time_ms: u64,
}

/// A row of `mark`.
pub(crate) struct Mark {
    pub(crate) block: i64,
    pub(crate) tails: Vec<Tail>,
}

/// A stretch of blocks.
pub(crate) struct Stretch {
    pub(crate) from_block: i64,
    /// The first block after it; `i64::MAX` for the last stretch.
    pub(crate) until_block: i64,
}

/// Writes where every partition stands before a block.
pub(crate) fn insert(
    connection: &Connection,
    block: i64,
    tails: impl Iterator<Item = Tail>,
) -> rusqlite::Result<()> {
    let words = tails.flat_map(|tail| [tail.next_seq.to_le_bytes(), tail.time_ms.to_le_bytes()]);
    let packed: Vec<u8> = words.flatten().collect();
    connection
        .prepare_cached("INSERT INTO mark VALUES (?1, ?2, ?3)")?
        .execute((block, block::hash(block, &packed), packed))
        .map(|_| ())
}

fn unpack(packed: &[u8]) -> Option<Vec<Tail>> {
    let (tails, rest) = packed.as_chunks::<TAIL>();
    let tail = |tail: &[u8; TAIL]| {
        let (next_seq, time_ms) = tail.split_at(8);
        Tail { next_seq: u64::from_le_bytes(array(next_seq)), time_ms: u64::from_le_bytes(array(time_ms)) }
    };
    let tails: Vec<_> = tails.iter().map(tail).collect();
    (rest.is_empty() && tails.iter().all(|tail| tail.next_seq > 0)).then_some(tails)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Mark> {
    let (block, hashed): (i64, i64) = (row.get(0)?, row.get(1)?);
    let packed = row.get_ref(2)?.as_blob()?;
    let tails = (block::hash(block, packed) == hashed).then(|| unpack(packed)).flatten();
    let tails =
        tails.ok_or_else(|| error::damaged(format!("the mark at block {block} isn't as it was written")))?;
    Ok(Mark { block, tails })
}

/// The newest mark; none in a log that was never written.
pub(crate) fn newest(connection: &Connection) -> rusqlite::Result<Option<Mark>> {
    connection
        .prepare_cached("SELECT block, hash, tails FROM mark ORDER BY block DESC LIMIT 1")?
        .query_row([], from_row)
        .optional()
}

/// Every mark, oldest first.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<Mark>> {
    connection
        .prepare("SELECT block, hash, tails FROM mark ORDER BY block")?
        .query_map([], from_row)?
        .collect()
}

/// Lets go of marks before the one at which the oldest block is found.
pub(crate) fn prune(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "DELETE FROM mark WHERE block < (SELECT max(block) FROM mark
               WHERE block <= coalesce((SELECT min(id) FROM block), 9223372036854775807))";
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

/// The newest stretch from `from_block` on that begins with no entry of `partition` above `seq` missed; from there on the
/// first one of a number not below `seq` is found.
pub(crate) fn stretch(
    connection: &Connection,
    partition: PartitionId,
    seq: u64,
    from_block: i64,
) -> rusqlite::Result<Stretch> {
    let before = |mark: &Mark| {
        let tail = mark.tails.get(partition.index());
        let none = || error::damaged(format!("the mark at block {} lacks partition {partition}", mark.block));
        tail.map(|tail| tail.next_seq <= seq).ok_or_else(none)
    };
    let mut begin = from_block;
    // Usually it is the next one.
    if let Some(next) = next_after(connection, begin)?
        && before(&next)?
    {
        begin = next.block;
        let (mut low, mut high) = (begin, newest(connection)?.map_or(begin, |mark| mark.block));
        while low < high {
            let middle = low + (high - low + 1) / 2;
            match latest_within(connection, low, middle)? {
                Some(mark) if !before(&mark)? => high = mark.block - 1,
                Some(mark) => (begin, low) = (mark.block, middle),
                None => low = middle,
            }
        }
    }
    let until_block = next_after(connection, begin)?.map_or(i64::MAX, |mark| mark.block);
    Ok(Stretch { from_block: begin, until_block })
}

fn next_after(connection: &Connection, block: i64) -> rusqlite::Result<Option<Mark>> {
    connection
        .prepare_cached("SELECT block, hash, tails FROM mark WHERE block > ?1 ORDER BY block LIMIT 1")?
        .query_row([block], from_row)
        .optional()
}

/// The last mark above `low`, and not above `high`.
fn latest_within(connection: &Connection, low: i64, high: i64) -> rusqlite::Result<Option<Mark>> {
    connection
        .prepare_cached("SELECT block, hash, tails FROM mark WHERE block > ?1 AND block <= ?2 ORDER BY block DESC LIMIT 1")?
        .query_row((low, high), from_row)
        .optional()
}
