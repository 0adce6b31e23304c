//! Counting a batch of messages: rows are read when a batch first needs them, and written once at its end.

use std::collections::{BTreeMap, BTreeSet};

use loquat_store::{
    StoreError, StoreErrorKind,
    people::{PersonId, RoomId, RoomMessage},
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{keys, versions};
use crate::{error::Outcome, ids::signed};

/// A room's counts.
struct RoomCount {
    key: i64,
    messages: i64,
    alls: i64,
    last_serial: Option<String>,
    last_ms: i64,
    touched: bool,
}

/// A person's counts in a room.
#[derive(Clone, Copy, Default)]
struct Tally {
    own: i64,
    mentions: i64,
    own_alls: i64,
}

/// The counts that a batch touches.
pub(super) struct Counting<'a> {
    connection: &'a Connection,
    rooms: BTreeMap<RoomId, Option<RoomCount>>,
    people: BTreeMap<PersonId, Option<i64>>,
    /// By person and room.
    tallies: BTreeMap<(i64, i64), Tally>,
}

impl<'a> Counting<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection, rooms: BTreeMap::new(), people: BTreeMap::new(), tallies: BTreeMap::new() }
    }

    /// Counts a message; one of a room that isn't known counts for nothing.
    pub(super) fn add(&mut self, message: &RoomMessage) -> Outcome<()> {
        if !self.rooms.contains_key(&message.room) {
            let count = load_room(self.connection, &message.room)?;
            self.rooms.insert(message.room.clone(), count);
        }
        let Some(Some(count)) = self.rooms.get_mut(&message.room) else { return Ok(()) };
        if count.last_serial.as_ref().is_some_and(|last| message.serial <= *last) {
            let (room, serial) = (&message.room, &message.serial);
            let words = format!("room {room}: the message {serial} is not above the newest");
            return Err(StoreError::new(StoreErrorKind::OutOfOrder, words).into());
        }
        count.messages += 1;
        count.alls += i64::from(message.mentions_all);
        count.last_serial = Some(message.serial.clone());
        count.last_ms = signed(message.time_ms);
        count.touched = true;
        let (room, alls) = (count.key, count.alls);
        let id = keys::message_id(room, count.messages.unsigned_abs());
        let author = self.add_author(message, room, id)?;
        if message.mentions_all {
            self.mention_all(author, (room, id), alls)
        } else {
            self.mention(message, author, (room, id))
        }
    }

    fn add_author(&mut self, message: &RoomMessage, room: i64, id: i64) -> Outcome<Option<i64>> {
        let author = match &message.author {
            Some(author) => self.person(author)?,
            None => None,
        };
        let mut own = None;
        if let Some(author) = author {
            let tally = self.tally(author, room)?;
            tally.own += 1;
            own = Some(tally.own);
        }
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO message (id, serial, author, own) VALUES (?1, ?2, ?3, ?4)")?;
        insert.execute(params![id, message.serial, author, own])?;
        Ok(author)
    }

    fn mention_all(&mut self, author: Option<i64>, (room, id): (i64, i64), alls: i64) -> Outcome<()> {
        self.insert_mention(0, id, alls)?;
        if let Some(author) = author {
            let tally = self.tally(author, room)?;
            tally.own_alls += 1;
            let nth = tally.own_alls;
            self.insert_mention(-author, id, nth)?;
        }
        Ok(())
    }

    fn mention(&mut self, message: &RoomMessage, author: Option<i64>, (room, id): (i64, i64)) -> Outcome<()> {
        let mut people = BTreeSet::new();
        for person in &message.mentions {
            people.extend(self.person(person)?.filter(|person| Some(*person) != author));
        }
        for person in people {
            let tally = self.tally(person, room)?;
            tally.mentions += 1;
            let nth = tally.mentions;
            self.insert_mention(person, id, nth)?;
        }
        Ok(())
    }

    fn insert_mention(&self, who: i64, id: i64, nth: i64) -> Outcome<()> {
        let mut insert =
            self.connection.prepare_cached("INSERT INTO mention (who, id, nth) VALUES (?1, ?2, ?3)")?;
        insert.execute([who, id, nth])?;
        Ok(())
    }

    fn person(&mut self, id: &PersonId) -> Outcome<Option<i64>> {
        if let Some(key) = self.people.get(id) {
            return Ok(*key);
        }
        let key = keys::person(self.connection, id)?;
        self.people.insert(id.clone(), key);
        Ok(key)
    }

    fn tally(&mut self, person: i64, room: i64) -> Outcome<&mut Tally> {
        use std::collections::btree_map::Entry;
        match self.tallies.entry((person, room)) {
            Entry::Occupied(found) => Ok(found.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(load_tally(self.connection, person, room)?)),
        }
    }

    /// Writes the counts; the rooms get a version.
    pub(super) fn finish(self) -> Outcome<()> {
        let touched: Vec<_> = self.rooms.into_values().flatten().filter(|count| count.touched).collect();
        if touched.is_empty() {
            return Ok(());
        }
        let version = signed(versions::next(self.connection)?);
        let mut update = self.connection.prepare_cached(
            "UPDATE room SET messages = ?2, alls = ?3, last_serial = ?4, last_ms = ?5, version = ?6 WHERE key = ?1",
        )?;
        for RoomCount { key, messages, alls, last_serial, last_ms, .. } in &touched {
            update.execute(params![key, messages, alls, last_serial, last_ms, version])?;
        }
        let mut replace = self.connection.prepare_cached(
            "REPLACE INTO tally (person, room, own, mentions, own_alls) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for ((person, room), Tally { own, mentions, own_alls }) in &self.tallies {
            replace.execute([person, room, own, mentions, own_alls])?;
        }
        Ok(())
    }
}

fn load_room(connection: &Connection, id: &RoomId) -> Outcome<Option<RoomCount>> {
    let sql = "SELECT key, messages, alls, last_serial, coalesce(last_ms, 0) FROM room WHERE id = ?1";
    let mut select = connection.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(RoomCount {
            key: row.get(0)?,
            messages: row.get(1)?,
            alls: row.get(2)?,
            last_serial: row.get(3)?,
            last_ms: row.get(4)?,
            touched: false,
        })
    };
    Ok(select.query_row([id.as_str()], read).optional()?)
}

fn load_tally(connection: &Connection, person: i64, room: i64) -> Outcome<Tally> {
    let sql = "SELECT own, mentions, own_alls FROM tally WHERE person = ?1 AND room = ?2";
    let mut select = connection.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Tally { own: row.get(0)?, mentions: row.get(1)?, own_alls: row.get(2)? })
    };
    Ok(select.query_row([person, room], read).optional()?.unwrap_or_default())
}
