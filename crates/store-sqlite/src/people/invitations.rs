//! Invitations.

use loquat_store::{
    StoreError,
    people::{Invitation, InvitationId, Invitations, InvitationsTo, PersonId, RoomId, RoomKind, SecretHash},
};
use rusqlite::{Connection, Row, ToSql, params};

use super::{SqlitePeople, conflict, keys, rooms, rows};
use crate::{
    error::Outcome,
    ids::{signed, unsigned},
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.code_hash, r.id, i.created_by, i.created_ms, i.expires_ms, i.uses_max, i.uses, \
             i.revoked_ms, i.key, i.room FROM invitation i LEFT JOIN room r ON r.key = i.room ",
            $rest
        )
    };
}

macro_rules! revoke_by {
    ($rest:literal) => {
        concat!("UPDATE invitation SET revoked_ms = ?2 WHERE created_by = ?1 AND revoked_ms IS NULL ", $rest)
    };
}

fn read(row: &Row<'_>) -> Outcome<Invitation> {
    let room = row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(Invitation {
        id: InvitationId::from_trusted(rows::text(row, 0)?),
        code_hash: rows::hash(row, 1)?,
        room: room.map(RoomId::from_trusted),
        created_by: PersonId::from_trusted(rows::text(row, 3)?),
        created_ms: rows::number(row, 4)?,
        expires_ms: rows::number_or_none(row, 5)?,
        uses_max: row.get(6)?,
        uses: row.get(7)?,
        revoked_ms: rows::number_or_none(row, 8)?,
    })
}

/// An invitation that lets somebody in, by its key and that of its room.
pub(super) struct Open {
    pub(super) key: i64,
    pub(super) room: Option<i64>,
}

/// An invitation, if it is open at a time.
pub(super) fn open(connection: &Connection, id: &InvitationId, now_ms: u64) -> Outcome<Option<Open>> {
    let mut select = connection.prepare_cached(select!("WHERE i.id = ?1"))?;
    let found = rows::first(select.query([id.as_str()])?, |row| {
        Ok((read(row)?, Open { key: row.get(9)?, room: row.get(10)? }))
    })?;
    Ok(found.filter(|(invitation, _)| invitation.is_open(now_ms)).map(|(_, open)| open))
}

/// Counts one use of an invitation that was found open in the same transaction.
pub(super) fn take_use(connection: &Connection, key: i64) -> Outcome<()> {
    connection.prepare_cached("UPDATE invitation SET uses = uses + 1 WHERE key = ?1")?.execute([key])?;
    Ok(())
}

fn one(connection: &Connection, sql: &str, value: impl ToSql) -> Outcome<Option<Invitation>> {
    let mut select = connection.prepare_cached(sql)?;
    rows::first(select.query([value])?, read)
}

fn insert(connection: &Connection, invitation: &Invitation) -> Outcome<()> {
    let Invitation { id, code_hash, created_by, .. } = invitation;
    let mut taken = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM invitation WHERE id = ?1 OR code_hash = ?2)")?;
    let is_taken = taken.query_row(params![id.as_str(), code_hash], |row| row.get::<_, bool>(0))?;
    let room = invitation.room.as_ref().map(|room| keys::room(connection, room)).transpose()?;
    let is_room_open = match (&invitation.room, room) {
        (Some(room), Some(Some(_))) => {
            rooms::by_id(connection, room)?.is_some_and(|room| room.kind != RoomKind::Direct)
        }
        (room, _) => room.is_none(),
    };
    if is_taken || !is_room_open || keys::person(connection, created_by)?.is_none() {
        return Err(conflict(format!("the invitation {id} cannot be made")));
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO invitation (id, code_hash, room, created_by, created_ms, expires_ms, uses_max, uses)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
    )?;
    insert.execute(params![
        id.as_str(),
        code_hash,
        room.flatten(),
        created_by.as_str(),
        signed(invitation.created_ms),
        invitation.expires_ms.map(signed),
        invitation.uses_max,
    ])?;
    Ok(())
}

/// The invitations to a room or, without one, to the server, newest first.
fn list(
    connection: &Connection,
    room: Option<i64>,
    after: Option<&InvitationId>,
    limit: usize,
) -> Outcome<Vec<Invitation>> {
    let mut before = i64::MAX;
    if let Some(after) = after {
        let sql = "SELECT key FROM invitation WHERE id = ?1 AND room IS ?2";
        let mut select = connection.prepare_cached(sql)?;
        let key = rows::first(select.query(params![after.as_str(), room])?, |row| Ok(row.get(0)?))?;
        before = key.unwrap_or(0);
    }
    let mut select = connection
        .prepare_cached(select!("WHERE i.room IS ?1 AND i.key < ?2 ORDER BY i.key DESC LIMIT ?3"))?;
    rows::all(select.query(params![room, before, signed(limit as u64)])?, read)
}

impl Invitations for SqlitePeople {
    fn create_invitation(&self, invitation: &Invitation) -> Result<(), StoreError> {
        self.change(|connection| insert(connection, invitation))
    }

    fn invitation_by_code(&self, code_hash: &SecretHash) -> Result<Option<Invitation>, StoreError> {
        self.read(|connection| one(connection, select!("WHERE i.code_hash = ?1"), code_hash))
    }

    fn invitations_of_room(
        &self,
        room: &RoomId,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError> {
        self.read(|connection| match keys::room(connection, room)? {
            Some(room) => list(connection, Some(room), after, limit),
            None => Ok(Vec::new()),
        })
    }

    fn server_invitations(
        &self,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError> {
        self.read(|connection| list(connection, None, after, limit))
    }

    fn count_open_invitations(&self, room: Option<&RoomId>, now_ms: u64) -> Result<u64, StoreError> {
        self.read(|connection| {
            let room = match room {
                Some(room) => match keys::room(connection, room)? {
                    Some(key) => Some(key),
                    None => return Ok(0),
                },
                None => None,
            };
            let mut select = connection.prepare_cached(
                "SELECT count(*) FROM invitation WHERE room IS ?1 AND revoked_ms IS NULL
                 AND (expires_ms IS NULL OR expires_ms > ?2) AND (uses_max IS NULL OR uses < uses_max)",
            )?;
            unsigned(select.query_row(params![room, signed(now_ms)], |row| row.get(0))?)
        })
    }

    fn revoke_invitations_by(
        &self,
        created_by: &PersonId,
        to: InvitationsTo<'_>,
        at_ms: u64,
    ) -> Result<u64, StoreError> {
        let sql = match to {
            InvitationsTo::Room(_) => revoke_by!("AND room = (SELECT key FROM room WHERE id = ?3)"),
            InvitationsTo::Server => revoke_by!("AND room IS NULL AND ?3 IS NULL"),
            InvitationsTo::Anywhere => revoke_by!("AND ?3 IS NULL"),
        };
        let room = match to {
            InvitationsTo::Room(room) => Some(room.as_str()),
            InvitationsTo::Server | InvitationsTo::Anywhere => None,
        };
        self.change(|connection| {
            let mut update = connection.prepare_cached(sql)?;
            Ok(update.execute(params![created_by.as_str(), signed(at_ms), room])? as u64)
        })
    }

    fn invitation(&self, id: &InvitationId) -> Result<Option<Invitation>, StoreError> {
        self.read(|connection| one(connection, select!("WHERE i.id = ?1"), id.as_str()))
    }

    fn revoke_invitation(&self, id: &InvitationId, at_ms: u64) -> Result<bool, StoreError> {
        self.change(|connection| {
            let sql = "UPDATE invitation SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms IS NULL";
            Ok(connection.prepare_cached(sql)?.execute(params![id.as_str(), signed(at_ms)])? > 0)
        })
    }
}
