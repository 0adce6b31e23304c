//! A thorough look at a log, for `loquat check`.
//!
//! Opening reads only where partitions stand; this reads everything, at about a million entries a second.

use std::path::Path;

use rusqlite::Connection;

use crate::{OpenError, keys, schema};

/// What was found in a log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// How many partitions it has.
    pub partitions: u16,
    /// How many entries are held.
    pub entries: u64,
    /// The sum of their bodies, in bytes.
    pub body_bytes: u64,
    /// What is wrong, a sentence each; empty for a sound log.
    pub problems: Vec<String>,
}

/// Reads the whole log in `file`, also while another process has it open.
///
/// # Errors
/// [`OpenError`] when there is no log that could be looked at; what is wrong inside stands in the report.
pub fn check(file: &Path) -> Result<Report, OpenError> {
    let connection = schema::open_identified(file)?;
    look(&connection).map_err(|error| OpenError::sqlite(file, &error))
}

fn look(connection: &Connection) -> rusqlite::Result<Report> {
    // One moment for all of it.
    connection.execute_batch("BEGIN")?;
    let mut report = Report::default();
    let mut pages = connection.prepare("PRAGMA integrity_check(20)")?;
    for line in pages.query_map([], |row| row.get::<_, String>(0))? {
        report.problems.extend(line.map(|line| (line != "ok").then_some(line))?);
    }
    report.partitions =
        connection.query_row("SELECT value FROM meta WHERE name='partitions'", [], |row| row.get(0))?;
    let heads: Vec<u64> = (0..report.partitions)
        .map(|partition| look_at_partition(connection, partition, &mut report))
        .collect::<rusqlite::Result<_>>()?;
    look_at_ids(connection, &heads, &mut report)?;
    Ok(report)
}

/// Entries are dense, their times don't fall, and their epochs are those of their numbers.
fn look_at_partition(connection: &Connection, partition: u16, report: &mut Report) -> rusqlite::Result<u64> {
    let (first_seq, head_seq): (u64, u64) = connection.query_row(
        "SELECT first_seq, head_seq FROM floor WHERE partition=?1",
        [partition],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut epochs =
        connection.prepare("SELECT epoch, first_seq FROM epoch WHERE partition=?1 ORDER BY epoch")?;
    let epochs: Vec<(u16, u64)> = epochs
        .query_map([partition], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let epoch_of = |seq: u64| epochs.iter().rev().find(|start| start.1 <= seq).map(|start| start.0);
    let mut statement = connection
        .prepare(&format!("SELECT seq, epoch, time_ms, length(body) FROM entry_{partition} ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    let (mut expected, mut last_ms) = (first_seq, 0);
    while let Some(row) = rows.next()? {
        let (seq, epoch, time_ms): (u64, u16, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if seq != expected {
            report
                .problems
                .push(format!("partition {partition} lacks entries {expected} to {}", seq.saturating_sub(1)));
        }
        if time_ms < last_ms {
            report
                .problems
                .push(format!("partition {partition}, entry {seq}: earlier than the one before it"));
        }
        if epoch_of(seq) != Some(epoch) {
            report.problems.push(format!("partition {partition}, entry {seq}: not of epoch {epoch}"));
        }
        (expected, last_ms) = (seq + 1, time_ms);
        report.entries += 1;
        report.body_bytes += row.get::<_, u64>(3)?;
    }
    if expected <= head_seq {
        report.problems.push(format!("partition {partition} lacks entries {expected} to {head_seq}"));
    }
    Ok(expected - 1)
}

/// Packed ids are whole, and of entries that there are.
fn look_at_ids(connection: &Connection, heads: &[u64], report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("SELECT id, keys FROM key_batch ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut packed = row.get_ref(1)?.as_blob()?;
        let fits = |run: keys::Run<'_>| {
            let head = heads.get(usize::from(run.partition)).copied().unwrap_or(0);
            run.first_seq.checked_add(run.len() as u64).is_some_and(|end| end <= head + 1)
        };
        while !packed.is_empty() {
            if !keys::unpack(&mut packed).is_some_and(fits) {
                report
                    .problems
                    .push(format!("the ids of commit {} don't fit the entries", row.get::<_, i64>(0)?));
                break;
            }
        }
    }
    Ok(())
}
