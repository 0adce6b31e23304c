//! From rows to records. Each list of columns is read by the function of its name.

use loquat_store::people::{
    Email, Handle, Membership, Person, PersonId, PersonRole, Room, RoomId, RoomKind, RoomRole, SecretHash,
};
use rusqlite::Row;

use crate::{
    error::{Failure, Outcome},
    ids::unsigned,
};

/// The columns of a person, for a table named `p`.
macro_rules! person_columns {
    () => {
        "p.id, p.handle, p.name, p.email, p.role, p.time_zone, p.created_ms, p.deactivated_ms, p.version"
    };
}

/// The columns of a room, for a table named `r`.
macro_rules! room_columns {
    () => {
        "r.id, r.kind, r.name, r.topic, r.created_by, r.created_ms, r.archived_ms, r.members, r.messages, \
         r.last_serial, r.last_ms, r.version"
    };
}

/// The columns of a membership, for a table named `m`.
macro_rules! membership_columns {
    () => {
        "m.role, m.joined_ms, m.read_serial, m.read_messages, m.read_own, m.version"
    };
}

pub(super) use {membership_columns, person_columns, room_columns};

/// How many columns a room has.
pub(super) const ROOM_WIDTH: usize = 12;
/// How many columns a membership has.
pub(super) const MEMBERSHIP_WIDTH: usize = 6;

/// A text column.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> Outcome<&'a str> {
    Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}

/// A column that holds a number that is never negative.
pub(super) fn number(row: &Row<'_>, column: usize) -> Outcome<u64> {
    unsigned(row.get(column)?)
}

/// The same, where there may be none.
pub(super) fn number_or_none(row: &Row<'_>, column: usize) -> Outcome<Option<u64>> {
    row.get::<_, Option<i64>>(column)?.map(unsigned).transpose()
}

/// A column that holds the hash of a secret.
pub(super) fn hash(row: &Row<'_>, column: usize) -> Outcome<SecretHash> {
    Ok(row.get(column)?)
}

/// The role in a room.
pub(super) fn room_role(row: &Row<'_>, column: usize) -> Outcome<RoomRole> {
    RoomRole::parse(text(row, column)?).ok_or(Failure::Damaged("a member has no known role"))
}

/// The kind of a room.
pub(super) fn room_kind(row: &Row<'_>, column: usize) -> Outcome<RoomKind> {
    RoomKind::parse(text(row, column)?).ok_or(Failure::Damaged("a room is of no known kind"))
}

/// A person, from a column on.
pub(super) fn person(row: &Row<'_>, at: usize) -> Outcome<Person> {
    let email = row.get_ref(at + 3)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(Person {
        id: PersonId::from_trusted(text(row, at)?),
        handle: Handle::from_trusted(text(row, at + 1)?),
        name: row.get(at + 2)?,
        email: email.map(Email::from_trusted),
        role: PersonRole::parse(text(row, at + 4)?).ok_or(Failure::Damaged("a person has no known role"))?,
        time_zone: row.get(at + 5)?,
        created_ms: number(row, at + 6)?,
        deactivated_ms: number_or_none(row, at + 7)?,
        version: number(row, at + 8)?,
    })
}

/// A room, from a column on.
pub(super) fn room(row: &Row<'_>, at: usize) -> Outcome<Room> {
    Ok(Room {
        id: RoomId::from_trusted(text(row, at)?),
        kind: room_kind(row, at + 1)?,
        name: row.get(at + 2)?,
        topic: row.get(at + 3)?,
        created_by: PersonId::from_trusted(text(row, at + 4)?),
        created_ms: number(row, at + 5)?,
        archived_ms: number_or_none(row, at + 6)?,
        members: row.get(at + 7)?,
        messages: number(row, at + 8)?,
        last_serial: row.get(at + 9)?,
        last_ms: number_or_none(row, at + 10)?,
        version: number(row, at + 11)?,
    })
}

/// A membership, from a column on.
pub(super) fn membership(row: &Row<'_>, at: usize, room: &RoomId, person: &PersonId) -> Outcome<Membership> {
    Ok(Membership {
        room: room.clone(),
        person: person.clone(),
        role: room_role(row, at)?,
        joined_ms: number(row, at + 1)?,
        read_serial: row.get(at + 2)?,
        read_messages: number(row, at + 3)?,
        read_own: number(row, at + 4)?,
        version: number(row, at + 5)?,
    })
}

/// What a statement finds, each row as `read` makes it.
pub(super) fn all<T>(
    mut rows: rusqlite::Rows<'_>,
    mut read: impl FnMut(&Row<'_>) -> Outcome<T>,
) -> Outcome<Vec<T>> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The first that a statement finds.
pub(super) fn first<T>(
    mut rows: rusqlite::Rows<'_>,
    read: impl FnOnce(&Row<'_>) -> Outcome<T>,
) -> Outcome<Option<T>> {
    rows.next()?.map(read).transpose()
}
