//! Finding rooms, and the trait's way to all that is done about them.

use loquat_store::{
    StoreError,
    people::{
        CreateRoom, Membership, PersonId, Room, RoomChange, RoomId, Rooms,
        matching::{Prefix, fold},
    },
};
use rusqlite::{Connection, ToSql, params};

use super::{SqlitePeople, keys, room_change, rows};
use crate::{
    error::Outcome,
    ids::{signed, unsigned},
};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", rows::room_columns!(), " FROM room r ", $rest)
    };
}

fn one(connection: &Connection, sql: &str, value: impl ToSql) -> Outcome<Option<Room>> {
    let mut select = connection.prepare_cached(sql)?;
    rows::first(select.query([value])?, |row| rows::room(row, 0))
}

/// A room.
pub(super) fn by_id(connection: &Connection, id: &RoomId) -> Outcome<Option<Room>> {
    one(connection, select!("WHERE r.id = ?1"), id.as_str())
}

/// The direct room of people, as [`people_text`] has them.
pub(super) fn by_people(connection: &Connection, people: &str) -> Outcome<Option<Room>> {
    one(connection, select!("WHERE r.people = ?1"), people)
}

/// A set of people as text: their ids in their order, each once.
pub(super) fn people_text<'a>(people: impl Iterator<Item = &'a PersonId>) -> String {
    let mut ids: Vec<&str> = people.map(PersonId::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.join(" ")
}

/// How many rooms there are.
pub(crate) fn count(connection: &Connection) -> Outcome<u64> {
    unsigned(connection.prepare_cached("SELECT count(*) FROM room")?.query_row([], |row| row.get(0))?)
}

fn public(
    connection: &Connection,
    prefix: &Prefix,
    after: Option<&RoomId>,
    limit: usize,
) -> Outcome<Vec<Room>> {
    let after = match after.map(|id| by_id(connection, id)).transpose()? {
        Some(None) => return Ok(Vec::new()),
        found => found.flatten().map(|room| (fold(&room.name), room.id)),
    };
    let (name, id) = after.as_ref().map_or(("", ""), |(name, id)| (name.as_str(), id.as_str()));
    let mut select = connection.prepare_cached(select!(
        "WHERE r.kind = 'public' AND r.archived_ms IS NULL AND (r.folded, r.id) > (?1, ?2)
         ORDER BY r.folded, r.id"
    ))?;
    let mut rows = select.query([name, id])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        if prefix.begins_a_word(&fold(rows::text(row, 2)?)) {
            found.push(rows::room(row, 0)?);
        }
    }
    Ok(found)
}

impl Rooms for SqlitePeople {
    fn room(&self, id: &RoomId) -> Result<Option<Room>, StoreError> {
        self.read(|connection| by_id(connection, id))
    }

    fn rooms(&self, ids: &[RoomId]) -> Result<Vec<Room>, StoreError> {
        self.read(|connection| {
            let found = ids.iter().map(|id| by_id(connection, id));
            Ok(found.collect::<Outcome<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    fn create_room(&self, room: &Room, members: &[Membership]) -> Result<CreateRoom, StoreError> {
        self.change(|connection| room_change::create(connection, room, members))
    }

    fn direct_room(&self, members: &[PersonId]) -> Result<Option<Room>, StoreError> {
        self.read(|connection| by_people(connection, &people_text(members.iter())))
    }

    fn public_rooms(
        &self,
        prefix: &str,
        after: Option<&RoomId>,
        limit: usize,
    ) -> Result<Vec<Room>, StoreError> {
        self.read(|connection| public(connection, &Prefix::new(prefix), after, limit))
    }

    fn all_rooms(&self, after: Option<&RoomId>, limit: usize) -> Result<Vec<Room>, StoreError> {
        self.read(|connection| {
            let after = match after.map(|id| keys::room(connection, id)).transpose()? {
                Some(None) => return Ok(Vec::new()),
                found => found.flatten().unwrap_or(0),
            };
            let mut select =
                connection.prepare_cached(select!("WHERE r.key > ?1 ORDER BY r.key LIMIT ?2"))?;
            rows::all(select.query(params![after, signed(limit as u64)])?, |row| rows::room(row, 0))
        })
    }

    fn count_rooms(&self) -> Result<u64, StoreError> {
        self.read(count)
    }

    fn change_room(&self, id: &RoomId, change: &RoomChange) -> Result<Option<Room>, StoreError> {
        self.change(|connection| room_change::change(connection, id, change))
    }
}
