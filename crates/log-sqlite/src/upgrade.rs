//! Bringing a log of format 1 up to date, when it is opened.
//!
//! Format 1 had a table of entries for each partition. A piece at a time is moved into a block, in a transaction each, so
//! that it can be interrupted anywhere and goes on the next time, and needs little room on the disk. The first transaction
//! makes it a log of format 2, which older releases refuse; while one of the old tables is left, it isn't finished.

use std::path::Path;

use bytes::Bytes;
use loquat_log::Entry;
use loquat_protocol::{PartitionId, Serial};
use rusqlite::{Connection, TransactionBehavior};

use crate::{
    Span, block, copier,
    error::{Failure, OpenError},
    floor::Floor,
    marks, recover,
    schema::{BLOCKS, FORMAT},
};

/// Bounds of what one transaction moves.
const PIECE_ENTRIES: usize = 1024;
const PIECE_BYTES: usize = 1 << 20;
/// Pieces between copies of the write-ahead log into the database.
const COPY_PIECES: u64 = 8;

/// Whether the log is of format 1, or its upgrade was interrupted.
pub(crate) fn is_needed(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(format_of(connection)? < FORMAT || is_unfinished(connection)?)
}

fn format_of(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether some of the log is still in the tables of format 1.
fn is_unfinished(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) > 0 FROM sqlite_schema WHERE type='table' AND name GLOB 'entry_[0-9]*'";
    connection.query_row(sql, [], |row| row.get(0))
}

/// Where the partitions of a log stand that is not upgraded yet, wherever their entries are.
pub(crate) fn spans(connection: &Connection, partitions: u16) -> rusqlite::Result<Vec<Span>> {
    let floors = Floor::read_all(connection, partitions)?;
    let moved = match format_of(connection)? {
        FORMAT => recover::ends(connection, &floors)?.iter().map(|end| end.next_seq - 1).collect(),
        _ => vec![0; floors.len()],
    };
    let span = |((partition, floor), moved): ((u16, &Floor), u64)| {
        let (mut head_seq, epochs) =
            (moved.max(floor.head_seq), recover::read_epochs(connection, partition)?);
        if exists(connection, PartitionId(partition))? {
            let sql = format!("SELECT coalesce(max(seq), 0) FROM entry_{partition}");
            head_seq = head_seq.max(connection.query_row(&sql, [], |row| row.get(0))?);
        }
        let epoch = epochs.last().map_or(1, |start| start.epoch);
        Ok(Span { first_seq: floor.first_seq, head_seq, epoch })
    };
    (0..partitions).zip(&floors).zip(moved).map(span).collect()
}

/// Upgrades the log if it is of format 1, or its upgrade was interrupted.
///
/// # Errors
/// [`OpenError`]; what is moved by then stays moved.
pub(crate) fn run(connection: &Connection, file: &Path, partitions: u16) -> Result<(), OpenError> {
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    if !is_needed(connection).map_err(sqlite)? {
        return Ok(());
    }
    let format = format_of(connection).map_err(sqlite)?;
    tracing::info!(file = %file.display(), from = format, "the log is brought to format {FORMAT}");
    if format < FORMAT {
        begin(connection, file, partitions)?;
    }
    let mut pieces = 0;
    for partition in (0..partitions).map(PartitionId) {
        while exists(connection, partition).map_err(sqlite)? {
            move_piece(connection, partition, partitions).map_err(sqlite)?;
            pieces += 1;
            if pieces % COPY_PIECES == 0 {
                copy(connection, file)?;
            }
        }
    }
    if is_unfinished(connection).map_err(sqlite)? {
        return Err(OpenError::damaged(file, format!("it has entries of more than {partitions} partitions")));
    }
    copy(connection, file)?;
    tracing::info!(file = %file.display(), pieces, "the log is of format {FORMAT}");
    Ok(())
}

/// Checks that the log is whole as far as format 1 could tell, and makes it one of format 2 with nothing in its blocks.
fn begin(connection: &Connection, file: &Path, partitions: u16) -> Result<(), OpenError> {
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    let transaction =
        rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(sqlite)?;
    for partition in 0..partitions {
        let floor = Floor::read(connection, partition).map_err(sqlite)?;
        let sql =
            format!("SELECT coalesce(min(seq), 0), coalesce(max(seq), 0), count(*) FROM entry_{partition}");
        let (first, last, count): (u64, u64, u64) = connection
            .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(sqlite)?;
        let (first, last) = if count == 0 { (floor.head_seq + 1, floor.head_seq) } else { (first, last) };
        if first != floor.first_seq || last < floor.head_seq || last + 1 - first != count {
            let (wanted, at_least) = (floor.first_seq, floor.head_seq);
            let what = format!(
                "partition {partition} holds {count} entries in {first}..={last}, and its floor says \
                 {wanted}..={at_least} or later"
            );
            return Err(OpenError::damaged(file, what));
        }
    }
    connection.execute_batch(&format!("{BLOCKS} PRAGMA user_version={FORMAT};")).map_err(sqlite)?;
    transaction.commit().map_err(sqlite)
}

fn exists(connection: &Connection, partition: PartitionId) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) > 0 FROM sqlite_schema WHERE type='table' AND name=?1";
    connection.prepare_cached(sql)?.query_row([format!("entry_{}", partition.0)], |row| row.get(0))
}

/// Moves the oldest entries that are left of a partition, or drops its table when none is.
fn move_piece(connection: &Connection, partition: PartitionId, partitions: u16) -> rusqlite::Result<()> {
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let piece = read_piece(connection, partition)?;
    match piece.last() {
        None => connection.execute_batch(&format!("DROP TABLE entry_{}", partition.0))?,
        Some(last) => {
            insert(connection, partition, partitions, &piece)?;
            connection
                .prepare_cached(&format!("DELETE FROM entry_{} WHERE seq <= ?1", partition.0))?
                .execute([last.serial.seq])?;
        }
    }
    transaction.commit()
}

/// The oldest entries that are left of a partition, of one epoch as a run is.
fn read_piece(connection: &Connection, partition: PartitionId) -> rusqlite::Result<Vec<Entry>> {
    let sql = format!("SELECT seq, epoch, time_ms, body FROM entry_{} ORDER BY seq", partition.0);
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let (mut piece, mut bytes): (Vec<Entry>, usize) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let serial = Serial::new(row.get(1)?, row.get(0)?);
        if piece.first().is_some_and(|first| first.serial.epoch != serial.epoch) {
            break;
        }
        let body = Bytes::copy_from_slice(row.get_ref(3)?.as_blob()?);
        bytes += body.len();
        piece.push(Entry { serial, time_ms: row.get(2)?, body });
        if bytes >= PIECE_BYTES || piece.len() >= PIECE_ENTRIES {
            break;
        }
    }
    Ok(piece)
}

/// Writes entries as the newest block, with a mark each time: pieces are large.
fn insert(
    connection: &Connection,
    partition: PartitionId,
    partitions: u16,
    piece: &[Entry],
) -> rusqlite::Result<()> {
    let id: i64 = connection.query_row("SELECT coalesce(max(id), 0) + 1 FROM block", [], |row| row.get(0))?;
    let floors = Floor::read_all(connection, partitions)?;
    let tails = recover::ends(connection, &floors)?;
    let (mut head, mut bodies) = (Vec::new(), Vec::new());
    block::pack(&mut head, &mut bodies, partition, piece);
    marks::insert(connection, id, tails.into_iter())?;
    connection
        .prepare_cached("INSERT INTO block VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((id, block::hash(id, &head), block::hash(id, &bodies), head, bodies))
        .map(|_| ())
}

/// Keeps the write-ahead log short.
fn copy(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    match copier::copy(connection) {
        Ok(_) => Ok(()),
        Err(Failure::RolledBack(error)) => Err(OpenError::storage(file, error)),
        Err(Failure::Fatal(error)) => Err(OpenError::storage(file, error)),
    }
}
