//! A thorough look at a log, for `loquat check`.
//!
//! Opening reads only where partitions stand; this reads everything, at about a million entries a second.

use std::path::Path;

use loquat_log::EpochStart;
use rusqlite::{Connection, Row};

use crate::{
    OpenError,
    block::{self, Run},
    error,
    floor::Floor,
    keys,
    marks::{self, Mark, Tail},
    recover, schema, upgrade,
};

/// A look that has found so much ends.
const PROBLEMS_MAX: usize = 1000;

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
    let connection = schema::open_known(file)?;
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    if upgrade::is_needed(&connection).map_err(sqlite)? {
        return Err(OpenError::Older { file: file.to_owned(), known: schema::FORMAT });
    }
    look(&connection).map_err(sqlite)
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
    let mut partitions = (0..report.partitions)
        .map(|partition| Looked::begin(connection, partition))
        .collect::<rusqlite::Result<Vec<_>>>()?;
    look_at_blocks(connection, &mut partitions, &mut report)?;
    if report.problems.len() >= PROBLEMS_MAX {
        return Ok(report);
    }
    for (partition, looked) in partitions.iter().enumerate() {
        let (expected, head_seq) = (looked.next_due(), looked.floor.head_seq);
        if expected <= head_seq {
            report.problems.push(format!("partition {partition} lacks entries {expected} to {head_seq}"));
        }
    }
    let heads: Vec<u64> = partitions.iter().map(|looked| looked.next_due() - 1).collect();
    look_at_ids(connection, &heads, &mut report)?;
    Ok(report)
}

/// What was seen of a partition so far.
struct Looked {
    floor: Floor,
    epochs: Vec<EpochStart>,
    /// The number after that of its newest entry; none before its first.
    next_seq: Option<u64>,
    time_ms: u64,
}

impl Looked {
    fn begin(connection: &Connection, partition: u16) -> rusqlite::Result<Self> {
        let floor = Floor::read(connection, partition)?;
        let epochs = recover::read_epochs(connection, partition)?;
        Ok(Self { floor, epochs, next_seq: None, time_ms: 0 })
    }

    /// The number that must come next, if any comes.
    fn next_due(&self) -> u64 {
        self.next_seq.unwrap_or(0).max(self.floor.first_seq)
    }

    /// Entries are dense from the floor on, their times don't fall, and their epochs are those of their numbers.
    fn note(&mut self, run: &Run<'_>, problems: &mut Vec<String>) {
        let Run { partition, epoch, first_seq, .. } = *run;
        let due = self.next_seq.unwrap_or(first_seq.min(self.floor.first_seq));
        if !self.floor.allows(due, first_seq) {
            let (from, to) = (due.max(self.floor.first_seq), first_seq.saturating_sub(1));
            problems.push(match due < first_seq {
                true => format!("partition {partition} lacks entries {from} to {to}"),
                false => format!("partition {partition} has entry {first_seq} where {due} is due"),
            });
        }
        for (seq, time_ms) in (first_seq..).zip(run.times()) {
            if time_ms < self.time_ms {
                problems.push(format!("partition {partition}, entry {seq}: earlier than the one before it"));
            }
            if recover::epoch_of(&self.epochs, seq) != epoch {
                problems.push(format!("partition {partition}, entry {seq}: not of epoch {epoch}"));
            }
            self.time_ms = time_ms;
        }
        self.next_seq = Some(run.end_seq());
    }

    /// Whether a mark tells where it stands here.
    fn agrees(&self, tail: Option<&Tail>) -> bool {
        tail.is_some_and(|tail| match self.next_seq {
            Some(next) => self.floor.allows(next, tail.next_seq),
            None => tail.next_seq <= self.floor.first_seq,
        })
    }
}

/// Blocks are as they were written, what is in them fits, and the marks know it.
fn look_at_blocks(
    connection: &Connection,
    partitions: &mut [Looked],
    report: &mut Report,
) -> rusqlite::Result<()> {
    let mut marks = marks::all(connection)?.into_iter().peekable();
    let mut statement =
        connection.prepare("SELECT id, head_hash, head, bodies_hash, bodies FROM block ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        while let Some(mark) = marks.next_if(|mark| mark.block <= id) {
            look_at_mark(&mark, partitions, report);
        }
        if let Err(error) = look_at_block(row, id, partitions, report) {
            report.problems.push(error::words(&error));
        }
        if report.problems.len() >= PROBLEMS_MAX {
            return Ok(());
        }
    }
    marks.for_each(|mark| look_at_mark(&mark, partitions, report));
    Ok(())
}

fn look_at_block(
    row: &Row<'_>,
    id: i64,
    partitions: &mut [Looked],
    report: &mut Report,
) -> rusqlite::Result<()> {
    let (runs, length) = block::open_head(id, row.get(1)?, row.get_ref(2)?.as_blob()?)?;
    let bodies = row.get_ref(4)?.as_blob()?;
    for run in &runs {
        let Some(looked) = partitions.get_mut(usize::from(run.partition)) else {
            report.problems.push(format!("block {id} has partition {}, which there is not", run.partition));
            continue;
        };
        looked.note(run, &mut report.problems);
        let held = run.entries(bodies).filter(|(seq, ..)| *seq >= looked.floor.first_seq);
        for (_, _, body) in held {
            report.entries += 1;
            report.body_bytes += body.len() as u64;
        }
    }
    block::check_bodies(id, row.get(3)?, bodies, length)
}

fn look_at_mark(mark: &Mark, partitions: &[Looked], report: &mut Report) {
    let agrees = |(at, looked): (usize, &Looked)| looked.agrees(mark.tails.get(at));
    if mark.tails.len() != partitions.len() || !partitions.iter().enumerate().all(agrees) {
        report.problems.push(format!("the mark at block {} doesn't fit the blocks before it", mark.block));
    }
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
