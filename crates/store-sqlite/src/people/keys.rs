//! From identifiers to the numbers under which rows lie, and to those of a room's messages.

use loquat_store::people::{PersonId, RoomId};
use rusqlite::{Connection, OptionalExtension};

use crate::error::Outcome;

/// Bits of a message's id that hold its ordinal: 270 thousand million messages in each of 33 million rooms.
const ORDINAL_BITS: u32 = 38;

/// The id of a room's message by its ordinal, from 1.
pub(super) fn message_id(room: i64, ordinal: u64) -> i64 {
    (room << ORDINAL_BITS) | ordinal.min((1 << ORDINAL_BITS) - 1) as i64
}

fn key(connection: &Connection, sql: &str, id: &str) -> Outcome<Option<i64>> {
    Ok(connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

/// The key of a person.
pub(super) fn person(connection: &Connection, id: &PersonId) -> Outcome<Option<i64>> {
    key(connection, "SELECT key FROM person WHERE id = ?1", id.as_str())
}

/// The key of a room.
pub(super) fn room(connection: &Connection, id: &RoomId) -> Outcome<Option<i64>> {
    key(connection, "SELECT key FROM room WHERE id = ?1", id.as_str())
}

/// The keys of a room and a person, if both exist.
pub(super) fn both(
    connection: &Connection,
    room_id: &RoomId,
    person_id: &PersonId,
) -> Outcome<Option<(i64, i64)>> {
    Ok(room(connection, room_id)?.zip(person(connection, person_id)?))
}
