//! Finding memberships, and the trait's way to all that is done about them.

use loquat_store::{
    StoreError,
    people::{
        ChangeRole, InvitationId, Join, Leave, Listing, Membership, Memberships, Person, PersonId, RoomId,
        RoomListing, RoomRights, RoomRole, Unread,
    },
};
use rusqlite::{Connection, params};

use super::{SqlitePeople, joining, keys, listing, marks, rows};
use crate::{error::Outcome, ids::signed};

/// A person's place in a room.
pub(super) fn by_keys(
    connection: &Connection,
    room: &RoomId,
    person: &PersonId,
) -> Outcome<Option<Membership>> {
    let mut select = connection.prepare_cached(concat!(
        "SELECT ",
        rows::membership_columns!(),
        " FROM membership m WHERE m.person = (SELECT key FROM person WHERE id = ?1)
                              AND m.room = (SELECT key FROM room WHERE id = ?2)"
    ))?;
    rows::first(select.query([person.as_str(), room.as_str()])?, |row| rows::membership(row, 0, room, person))
}

fn rights(connection: &Connection, person: &PersonId) -> Outcome<Vec<RoomRights>> {
    let mut select = connection.prepare_cached(
        "SELECT r.id, r.kind, r.archived_ms IS NOT NULL, m.role FROM membership m JOIN room r ON r.key = m.room
         WHERE m.person = (SELECT key FROM person WHERE id = ?1) ORDER BY m.room",
    )?;
    rows::all(select.query([person.as_str()])?, |row| {
        Ok(RoomRights {
            room: RoomId::from_trusted(rows::text(row, 0)?),
            kind: rows::room_kind(row, 1)?,
            archived: row.get(2)?,
            role: rows::room_role(row, 3)?,
        })
    })
}

fn members(
    connection: &Connection,
    room: &RoomId,
    after: Option<&PersonId>,
    limit: usize,
) -> Outcome<Vec<(Membership, Person)>> {
    let after = match after.map(|id| keys::person(connection, id)).transpose()? {
        Some(None) => return Ok(Vec::new()),
        found => found.flatten().unwrap_or(0),
    };
    let Some(key) = keys::room(connection, room)? else { return Ok(Vec::new()) };
    let mut select = connection.prepare_cached(concat!(
        "SELECT ",
        rows::membership_columns!(),
        ", ",
        rows::person_columns!(),
        " FROM membership m JOIN person p ON p.key = m.person
         WHERE m.room = ?1 AND m.person > ?2 ORDER BY m.person LIMIT ?3"
    ))?;
    rows::all(select.query(params![key, after, signed(limit as u64)])?, |row| {
        let person = rows::person(row, rows::MEMBERSHIP_WIDTH)?;
        Ok((rows::membership(row, 0, room, &person.id)?, person))
    })
}

impl Memberships for SqlitePeople {
    fn membership(&self, room: &RoomId, person: &PersonId) -> Result<Option<Membership>, StoreError> {
        self.read(|connection| by_keys(connection, room, person))
    }

    fn memberships_of(&self, person: &PersonId) -> Result<Vec<RoomRights>, StoreError> {
        self.read(|connection| rights(connection, person))
    }

    fn listing(&self, person: &PersonId, after_version: Option<u64>) -> Result<Listing, StoreError> {
        self.read(|connection| listing::of(connection, person, after_version))
    }

    fn listing_of(&self, person: &PersonId, room: &RoomId) -> Result<Option<RoomListing>, StoreError> {
        self.read(|connection| listing::one(connection, person, room))
    }

    fn members_of(
        &self,
        room: &RoomId,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<(Membership, Person)>, StoreError> {
        self.read(|connection| members(connection, room, after, limit))
    }

    fn join(&self, membership: &Membership, invitation: Option<&InvitationId>) -> Result<Join, StoreError> {
        self.change(|connection| joining::join(connection, membership, invitation))
    }

    fn change_role(
        &self,
        room: &RoomId,
        person: &PersonId,
        role: RoomRole,
    ) -> Result<ChangeRole, StoreError> {
        self.change(|connection| joining::change_role(connection, room, person, role))
    }

    fn leave(&self, room: &RoomId, person: &PersonId, at_ms: u64) -> Result<Leave, StoreError> {
        self.change(|connection| joining::leave(connection, room, person, at_ms))
    }

    fn left_restricted(&self, room: &RoomId, person: &PersonId) -> Result<bool, StoreError> {
        self.read(|connection| joining::left_restricted(connection, room, person))
    }

    fn mark_read(
        &self,
        room: &RoomId,
        person: &PersonId,
        serial: Option<&str>,
        backwards: bool,
    ) -> Result<Option<(Membership, Unread)>, StoreError> {
        self.change_lazily(|connection| marks::move_to(connection, room, person, serial, backwards))
    }

    fn unread(&self, room: &RoomId, person: &PersonId) -> Result<Unread, StoreError> {
        self.read(|connection| listing::unread(connection, room, person))
    }

    fn unread_of_many(&self, room: &RoomId, people: &[PersonId]) -> Result<Vec<Unread>, StoreError> {
        self.read(|connection| {
            people.iter().map(|person| listing::unread(connection, room, person)).collect()
        })
    }
}
