//! Going through the blocks that hold entries of a partition.

use std::ops::ControlFlow;

use loquat_protocol::PartitionId;
use rusqlite::Connection;

use crate::{
    block::{self, Run},
    marks,
};

/// A block on the way, its bodies unread.
pub(crate) struct Visited<'a> {
    pub(crate) id: i64,
    /// The run of the partition, with entries that were asked for.
    pub(crate) run: Run<'a>,
    /// All runs.
    pub(crate) runs: &'a [Run<'a>],
    /// What its bodies add up to.
    pub(crate) bodies_length: usize,
}

/// Visits each block that holds an entry of `partition` numbered `from` or above, oldest first, until told to stop. The
/// caller has a transaction open, so that all of it is of one moment.
pub(crate) fn walk(
    connection: &Connection,
    partition: PartitionId,
    from: u64,
    mut visit: impl FnMut(Visited<'_>) -> rusqlite::Result<ControlFlow<()>>,
) -> rusqlite::Result<()> {
    let mut heads = connection
        .prepare_cached("SELECT id, head_hash, head FROM block WHERE id>=?1 AND id<?2 ORDER BY id")?;
    let (mut seq, mut from_block) = (from, 0);
    while from_block < i64::MAX {
        let stretch = marks::stretch(connection, partition, seq, from_block)?;
        let mut rows = heads.query((stretch.from_block, stretch.until_block))?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let (runs, bodies_length) = block::open_head(id, row.get(1)?, row.get_ref(2)?.as_blob()?)?;
            let own = runs.iter().find(|run| run.partition == partition.0 && run.end_seq() > seq);
            let Some(&run) = own else { continue };
            seq = run.end_seq();
            if visit(Visited { id, run, runs: &runs, bodies_length })?.is_break() {
                return Ok(());
            }
        }
        from_block = stretch.until_block;
    }
    Ok(())
}
