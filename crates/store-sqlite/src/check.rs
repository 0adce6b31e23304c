//! Looking for damage: SQLite's own check, and what the tables promise each other.

use std::collections::BTreeMap;

use loquat_protocol::PartitionId;
use loquat_store::{Cursor, Retention, StoreError};
use rusqlite::Connection;

use crate::{
    SqlitePeople, SqliteStore, cursors,
    error::Outcome,
    ids::{partition_of, seq_of},
    people,
    seqs::unpack,
};

/// Most problems listed.
const PROBLEMS_MAX: usize = 100;

impl SqliteStore {
    /// Reads everything and lists what is wrong, a line each, at most 100; an empty list is a sound store. Takes
    /// memory for each timeline and time for each row; the store stays in use meanwhile.
    ///
    /// # Errors
    /// `Damaged` when the damage keeps the check from being made, and see [`StoreError`].
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut problems = self.directory.read(sqlite_check)?;
        problems.extend(self.people.check()?);
        problems.extend(self.readers.read(|connection| {
            let mut problems = sqlite_check(connection)?;
            if problems.is_empty() {
                problems = Survey::read(connection)?.problems(connection)?;
            }
            Ok(problems)
        })?);
        problems.truncate(PROBLEMS_MAX);
        Ok(problems)
    }
}

impl SqlitePeople {
    /// Reads everything and lists what is wrong, a line each; an empty list is a sound file. What is counted is counted
    /// anew; the file stays in use meanwhile.
    ///
    /// # Errors
    /// `Damaged` when the damage keeps the check from being made, and see [`StoreError`].
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let mut problems = sqlite_check(connection)?;
            if problems.is_empty() {
                problems = people::check::problems(connection)?;
            }
            problems.truncate(PROBLEMS_MAX);
            Ok(problems)
        })
    }
}

fn sqlite_check(connection: &Connection) -> Outcome<Vec<String>> {
    let mut problems = Vec::new();
    connection.pragma_query(None, "integrity_check", |row| {
        problems.push(format!("{}: {}", connection.path().unwrap_or_default(), row.get::<_, String>(0)?));
        Ok(())
    })?;
    problems.retain(|problem| !problem.ends_with(": ok"));
    Ok(problems)
}

/// How many entries, and the sum of their sequence numbers: equal on both sides when the index lists each entry once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Tally {
    entries: u64,
    sum: u128,
}

impl Tally {
    fn add(&mut self, seq: u64) {
        self.entries += 1;
        self.sum += u128::from(seq);
    }
}

/// What one pass over the entries shows.
#[derive(Default)]
struct Survey {
    timelines: BTreeMap<i64, Tally>,
    partitions: BTreeMap<PartitionId, Partition>,
    problems: Vec<String>,
}

#[derive(Clone, Copy, Default)]
struct Partition {
    rows: i64,
    /// The first entry of each class of channels, in the order of [`Retention::ALL`].
    first_seqs: [Option<u64>; 2],
    last_seq: u64,
    time_ms: i64,
}

impl Survey {
    fn read(connection: &Connection) -> Outcome<Self> {
        let mut survey = Self::default();
        let mut select = connection.prepare(
            "SELECT e.id, e.timeline, e.time_ms, coalesce(t.retention, 0) FROM entry e
             LEFT JOIN timeline t ON t.id = e.timeline ORDER BY e.id",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            survey.add(row.get(0)?, row.get(1)?, row.get(2)?, usize::from(row.get::<_, bool>(3)?));
        }
        Ok(survey)
    }

    fn add(&mut self, id: i64, timeline: i64, time_ms: i64, class: usize) {
        let (partition, seq) = (partition_of(id), seq_of(id));
        let seen = self.partitions.entry(partition).or_default();
        if time_ms < seen.time_ms {
            self.problems.push(format!(
                "partition {partition}: the time of entry {seq} is before that of an older one"
            ));
        }
        if let Some(first) = seen.first_seqs.get_mut(class) {
            first.get_or_insert(seq);
        }
        *seen = Partition { rows: seen.rows + 1, last_seq: seq, time_ms, ..*seen };
        self.timelines.entry(timeline).or_default().add(seq);
    }

    fn problems(mut self, connection: &Connection) -> Outcome<Vec<String>> {
        self.check_cursors(connection)?;
        self.check_index(connection)?;
        Ok(self.problems)
    }

    fn check_cursors(&mut self, connection: &Connection) -> Outcome<()> {
        let mut select = connection.prepare("SELECT partition, rows FROM cursor")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let partition = PartitionId(row.get(0)?);
            let cursor = cursors::read(connection, partition)?;
            let Cursor { seq, durable_seq, pruned_seq, rooms_pruned_seq } = cursor;
            let found = self.partitions.remove(&partition).unwrap_or_default();
            if durable_seq.max(pruned_seq).max(rooms_pruned_seq) > seq || found.last_seq > seq {
                self.problems.push(format!("partition {partition}: the cursor {seq} is behind"));
            }
            for (retention, first) in Retention::ALL.into_iter().zip(found.first_seqs) {
                let pruned_seq = cursor.pruned_seq_of(retention);
                if let Some(first) = first.filter(|first| *first <= pruned_seq) {
                    self.problems.push(format!(
                        "partition {partition}: pruned up to {pruned_seq}, but {first} is there"
                    ));
                }
            }
            if found.rows != row.get::<_, i64>(1)? {
                self.problems.push(format!("partition {partition}: {} entries, miscounted", found.rows));
            }
        }
        for partition in self.partitions.keys() {
            self.problems.push(format!("partition {partition}: entries without a cursor"));
        }
        Ok(())
    }

    fn check_index(&mut self, connection: &Connection) -> Outcome<()> {
        let mut select = connection.prepare(
            "SELECT t.id, t.app || ' ' || t.name, 
                    coalesce(iif(t.retention = 1, c.rooms_pruned_seq, c.pruned_seq), 0) FROM timeline t
             LEFT JOIN cursor c ON c.partition = t.partition",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (id, pruned_seq): (i64, i64) = (row.get(0)?, row.get(2)?);
            let listed = listed(connection, id, pruned_seq as u64)?;
            let found = self.timelines.remove(&id).unwrap_or_default();
            if listed != found {
                let name: String = row.get(1)?;
                self.problems.push(format!("channel {name}: lists {listed:?}, has {found:?}"));
            }
        }
        for timeline in self.timelines.keys() {
            self.problems.push(format!("entries of a channel that is gone: {timeline}"));
        }
        Ok(())
    }
}

/// What the index lists for a timeline, above what retention took.
fn listed(connection: &Connection, timeline: i64, pruned_seq: u64) -> Outcome<Tally> {
    let sql = "SELECT seqs FROM run WHERE timeline = ?1 UNION ALL SELECT seqs FROM tail WHERE timeline = ?1";
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query([timeline])?;
    let mut tally = Tally::default();
    while let Some(row) = rows.next()? {
        let seqs = unpack(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
        seqs.into_iter().filter(|seq| *seq > pruned_seq).for_each(|seq| tally.add(seq));
    }
    Ok(tally)
}
