//! A person's rooms with what is unread in each: three look-ups per room, at any number of messages.

use loquat_store::people::{Listing, PersonId, RoomId, RoomKind, RoomListing, Unread};
use rusqlite::{Connection, Row, params};

use super::{rows, versions};
use crate::{
    error::{Failure, Outcome},
    ids::signed,
};

/// Most other members of a direct room that are named.
const OTHERS_MAX: usize = 8;

/// What is unread, from four differences. For tables named `r`, `m` and `t`.
macro_rules! unread_columns {
    () => {
        "r.messages - coalesce(t.own, 0) - m.read_messages + m.read_own, \
         r.alls - coalesce(t.own_alls, 0) + coalesce(t.mentions, 0) - m.read_mentions"
    };
}

macro_rules! tables {
    () => {
        " FROM membership m JOIN room r ON r.key = m.room
          LEFT JOIN tally t ON t.person = m.person AND t.room = m.room
          WHERE m.person = (SELECT key FROM person WHERE id = ?1) "
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            rows::room_columns!(),
            ", ",
            rows::membership_columns!(),
            ", ",
            unread_columns!(),
            ", r.people",
            tables!(),
            $rest
        )
    };
}

fn count(row: &Row<'_>, column: usize) -> Outcome<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| Failure::Damaged("unread messages are miscounted"))
}

fn unread_at(row: &Row<'_>, at: usize) -> Outcome<Unread> {
    Ok(Unread { unread: count(row, at)?, mentions: count(row, at + 1)? })
}

fn read(row: &Row<'_>, person: &PersonId) -> Outcome<RoomListing> {
    const UNREAD: usize = rows::ROOM_WIDTH + rows::MEMBERSHIP_WIDTH;
    let room = rows::room(row, 0)?;
    let membership = rows::membership(row, rows::ROOM_WIDTH, &room.id, person)?;
    let mut others = Vec::new();
    if room.kind == RoomKind::Direct {
        let people = rows::text(row, UNREAD + 2)?.split(' ').filter(|id| !id.is_empty());
        others
            .extend(people.filter(|id| *id != person.as_str()).take(OTHERS_MAX).map(PersonId::from_trusted));
    }
    Ok(RoomListing { room, membership, unread: unread_at(row, UNREAD)?, others })
}

/// The rooms of a person, oldest first; of those that changed after a version.
pub(super) fn of(connection: &Connection, person: &PersonId, after_version: Option<u64>) -> Outcome<Listing> {
    let mut select =
        connection.prepare_cached(select!("AND max(r.version, m.version) > ?2 ORDER BY m.room"))?;
    let after = after_version.map_or(-1, signed);
    let rooms = rows::all(select.query(params![person.as_str(), after])?, |row| read(row, person))?;
    Ok(Listing { rooms, version: versions::version(connection)? })
}

/// One of them.
pub(super) fn one(connection: &Connection, person: &PersonId, room: &RoomId) -> Outcome<Option<RoomListing>> {
    let mut select =
        connection.prepare_cached(select!("AND m.room = (SELECT key FROM room WHERE id = ?2)"))?;
    rows::first(select.query([person.as_str(), room.as_str()])?, |row| read(row, person))
}

/// What a person has not read in a room.
pub(super) fn unread(connection: &Connection, room: &RoomId, person: &PersonId) -> Outcome<Unread> {
    let mut select = connection.prepare_cached(concat!(
        "SELECT ",
        unread_columns!(),
        tables!(),
        "AND m.room = (SELECT key FROM room WHERE id = ?2)"
    ))?;
    let found = rows::first(select.query([person.as_str(), room.as_str()])?, |row| unread_at(row, 0))?;
    Ok(found.unwrap_or_default())
}
