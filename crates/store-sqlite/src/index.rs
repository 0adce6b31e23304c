//! Writing the index of channels: which sequence numbers each timeline has.

use hashbrown::HashMap;
use loquat_protocol::{AppId, ChannelId, ChannelName};
use loquat_store::{Retention, Row};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::{
    error::Outcome,
    ids::{kind_number, retention_number},
    seqs::Seqs,
    timelines::{Timeline, TimelineKey, TimelineRef, Timelines},
};

/// The timelines that a batch adds to.
pub(crate) struct IndexWriter<'a> {
    connection: &'a Connection,
    timelines: &'a mut Timelines,
    places: HashMap<TimelineRef<'a>, usize>,
    touched: Vec<(TimelineKey, Timeline)>,
    insert_run: CachedStatement<'a>,
}

impl<'a> IndexWriter<'a> {
    pub(crate) fn new(connection: &'a Connection, timelines: &'a mut Timelines) -> Outcome<Self> {
        let insert_run = connection.prepare_cached(
            "INSERT INTO run (timeline, first_seq, last_seq, seqs) VALUES (?1, ?2, ?3, ?4)",
        )?;
        Ok(Self { connection, timelines, places: HashMap::new(), touched: Vec::new(), insert_run })
    }

    /// Adds a row to its timeline; the answer is the timeline's id.
    pub(crate) fn add(&mut self, row: &'a Row) -> Outcome<i64> {
        let key = TimelineRef { channel: &row.channel, kind: row.kind, partition: row.partition };
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => self.touch(key)?,
        };
        let Timeline { id, tail } = &mut self.touched[place].1;
        tail.push(row.serial.seq);
        if tail.is_full() {
            self.insert_run.execute(params![*id, tail.first() as i64, tail.last() as i64, tail.bytes()])?;
            tail.clear();
        }
        Ok(*id)
    }

    fn touch(&mut self, key: TimelineRef<'a>) -> Outcome<usize> {
        let timeline = match self.timelines.take(key) {
            Some(found) => found,
            None => (key.to_key(), load_or_make(self.connection, key)?),
        };
        let place = self.touched.len();
        self.touched.push(timeline);
        self.places.insert(key, place);
        Ok(place)
    }

    /// Writes the tails; the timelines belong back into the cache when the transaction is committed.
    pub(crate) fn finish(mut self) -> Outcome<Vec<(TimelineKey, Timeline)>> {
        // In the order of the file, so that one page is visited once.
        self.touched.sort_unstable_by_key(|(_, timeline)| timeline.id);
        let mut replace =
            self.connection.prepare_cached("REPLACE INTO tail (timeline, seqs) VALUES (?1, ?2)")?;
        for (_, Timeline { id, tail }) in &self.touched {
            replace.execute(params![id, tail.bytes()])?;
        }
        Ok(self.touched)
    }
}

/// The id of a timeline, if it has any entries.
pub(crate) fn find(connection: &Connection, key: TimelineRef<'_>) -> Outcome<Option<i64>> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM timeline WHERE app = ?1 AND name = ?2 AND kind = ?3 AND partition = ?4",
    )?;
    let (app, name) = (key.channel.app.as_str(), key.channel.name.as_str());
    let found =
        select.query_row(params![app, name, kind_number(key.kind), key.partition.0], |row| row.get(0));
    Ok(found.optional()?)
}

fn load_or_make(connection: &Connection, key: TimelineRef<'_>) -> Outcome<Timeline> {
    if let Some(id) = find(connection, key)? {
        return Ok(Timeline { id, tail: tail(connection, id)? });
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO timeline (app, name, kind, partition, retention) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let (app, name) = (key.channel.app.as_str(), key.channel.name.as_str());
    let retention = retention_number(Retention::of(&key.channel.name));
    let id = insert.insert(params![app, name, kind_number(key.kind), key.partition.0, retention])?;
    Ok(Timeline { id, tail: Seqs::default() })
}

/// The newest sequence numbers of a timeline.
pub(crate) fn tail(connection: &Connection, timeline: i64) -> Outcome<Seqs> {
    let mut select = connection.prepare_cached("SELECT seqs FROM tail WHERE timeline = ?1")?;
    let mut rows = select.query([timeline])?;
    match rows.next()? {
        Some(row) => Seqs::decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?),
        None => Ok(Seqs::default()),
    }
}

/// Deletes a timeline that has no entries left.
pub(crate) fn delete(connection: &Connection, timelines: &mut Timelines, id: i64) -> Outcome<()> {
    for sql in ["DELETE FROM run WHERE timeline = ?1", "DELETE FROM tail WHERE timeline = ?1"] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    let mut delete = connection
        .prepare_cached("DELETE FROM timeline WHERE id = ?1 RETURNING app, name, kind, partition")?;
    let mut rows = delete.query([id])?;
    if let Some(row) = rows.next()? {
        let (app, name): (String, String) = (row.get(0)?, row.get(1)?);
        let channel = ChannelId::new(AppId::from_trusted(&app), ChannelName::from_trusted(&name));
        let kind = crate::ids::kind_of(row.get(2)?)?;
        let partition = loquat_protocol::PartitionId(row.get(3)?);
        timelines.take(TimelineRef { channel: &channel, kind, partition });
    }
    Ok(())
}
