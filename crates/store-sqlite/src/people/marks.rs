//! Read markers: how many messages a room has up to a place, how many of them are a person's, how many mention them.

use loquat_store::people::{Membership, PersonId, RoomId, Unread};
use rusqlite::{Connection, OptionalExtension, params};

use super::{keys, listing, memberships, rooms, versions};
use crate::{
    error::{Failure, Outcome},
    ids::{signed, unsigned},
};

/// A place in a room, counted for a person.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Mark {
    pub(super) serial: Option<String>,
    pub(super) messages: u64,
    pub(super) own: u64,
    pub(super) mentions: u64,
}

/// The mark at a room's newest message.
pub(super) fn at_the_end(connection: &Connection, room: i64, person: i64) -> Outcome<Mark> {
    let mut select = connection.prepare_cached(
        "SELECT r.last_serial, r.messages, coalesce(t.own, 0),
                r.alls + coalesce(t.mentions, 0) - coalesce(t.own_alls, 0)
         FROM room r LEFT JOIN tally t ON t.person = ?2 AND t.room = r.key WHERE r.key = ?1",
    )?;
    let (serial, messages, own, mentions) =
        select.query_row([room, person], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(Mark { serial, messages: unsigned(messages)?, own: unsigned(own)?, mentions: unsigned(mentions)? })
}

/// The mark at the newest message at or before a serial.
fn at(connection: &Connection, room: i64, person: i64, messages: u64, serial: &str) -> Outcome<Mark> {
    let ordinal = ordinal_of(connection, room, messages, serial)?;
    if ordinal == 0 {
        return Ok(Mark::default());
    }
    let own = newest(
        connection,
        "SELECT own FROM message WHERE author = ?1 AND id BETWEEN ?2 AND ?3 ORDER BY id DESC LIMIT 1",
        (person, room, ordinal),
    )?;
    let mentions = |who| {
        let sql = "SELECT nth FROM mention WHERE who = ?1 AND id BETWEEN ?2 AND ?3 ORDER BY id DESC LIMIT 1";
        newest(connection, sql, (who, room, ordinal))
    };
    let mentions = (mentions(person)? + mentions(0)?)
        .checked_sub(mentions(-person)?)
        .ok_or(Failure::Damaged("mentions are miscounted"))?;
    Ok(Mark { serial: serial_of(connection, room, ordinal)?, messages: ordinal, own, mentions })
}

/// A count as of the newest row of somebody in a room up to an ordinal.
fn newest(connection: &Connection, sql: &str, (who, room, ordinal): (i64, i64, u64)) -> Outcome<u64> {
    let (from, to) = (keys::message_id(room, 1), keys::message_id(room, ordinal));
    let found = connection.prepare_cached(sql)?.query_row([who, from, to], |row| row.get(0)).optional()?;
    unsigned(found.unwrap_or(0))
}

fn serial_of(connection: &Connection, room: i64, ordinal: u64) -> Outcome<Option<String>> {
    let mut select = connection.prepare_cached("SELECT serial FROM message WHERE id = ?1")?;
    Ok(select.query_row([keys::message_id(room, ordinal)], |row| row.get(0)).optional()?)
}

/// The ordinal of the newest message at or before a serial, 0 when all are after it, by halving.
fn ordinal_of(connection: &Connection, room: i64, messages: u64, serial: &str) -> Outcome<u64> {
    // Invariant: the message at `low` is at or before the serial (0: none is), those above `high` are after it.
    let (mut low, mut high) = (0, messages);
    while low < high {
        let middle = high - (high - low) / 2;
        let found = serial_of(connection, room, middle)?.ok_or(Failure::Damaged("a message is missing"))?;
        if found.as_str() <= serial { low = middle } else { high = middle - 1 }
    }
    Ok(low)
}

/// Moves a person's marker to a place, back only if told to.
pub(super) fn move_to(
    connection: &Connection,
    room_id: &RoomId,
    person_id: &PersonId,
    serial: Option<&str>,
    backwards: bool,
) -> Outcome<Option<(Membership, Unread)>> {
    let before = memberships::by_keys(connection, room_id, person_id)?;
    let (Some((room, person)), Some(before)) = (keys::both(connection, room_id, person_id)?, before) else {
        return Ok(None);
    };
    let mark = match (serial, rooms::by_id(connection, room_id)?) {
        (Some(serial), Some(state)) => at(connection, room, person, state.messages, serial)?,
        _ => at_the_end(connection, room, person)?,
    };
    let moves = mark.messages > before.read_messages || backwards && mark.messages < before.read_messages;
    if moves {
        let version = versions::next(connection)?;
        let mut update = connection.prepare_cached(
            "UPDATE membership SET read_serial = ?3, read_messages = ?4, read_own = ?5, read_mentions = ?6,
                                   version = ?7 WHERE person = ?1 AND room = ?2",
        )?;
        let Mark { serial, messages, own, mentions } = &mark;
        let counts = [*messages, *own, *mentions, version].map(signed);
        update.execute(params![person, room, serial, counts[0], counts[1], counts[2], counts[3]])?;
    }
    let listed = listing::one(connection, person_id, room_id)?;
    Ok(listed.map(|listing| (listing.membership, listing.unread)))
}
