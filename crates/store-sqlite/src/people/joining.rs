//! Coming, changing roles, going.

use loquat_store::people::{
    ChangeRole, InvitationId, Join, Leave, Membership, PersonId, Room, RoomId, RoomKind, RoomRole,
};
use rusqlite::{Connection, params};

use super::{invitations, keys, marks, memberships, rooms, versions};
use crate::{
    error::Outcome,
    ids::{signed, unsigned},
};

/// Adds a member who has read everything; room and person exist, and the person is none yet.
pub(super) fn add(
    connection: &Connection,
    (room, person): (i64, i64),
    role: RoomRole,
    joined_ms: u64,
    version: u64,
) -> Outcome<()> {
    let mark = marks::at_the_end(connection, room, person)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO membership (person, room, role, joined_ms, read_serial, read_messages, read_own,
                                 read_mentions, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params![
        person,
        room,
        role.as_str(),
        signed(joined_ms),
        mark.serial,
        signed(mark.messages),
        signed(mark.own),
        signed(mark.mentions),
        signed(version),
    ])?;
    let sql = "UPDATE room SET members = members + 1, version = ?2 WHERE key = ?1";
    connection.prepare_cached(sql)?.execute(params![room, signed(version)])?;
    Ok(())
}

/// Makes somebody a member.
pub(super) fn join(
    connection: &Connection,
    membership: &Membership,
    invitation: Option<&InvitationId>,
) -> Outcome<Join> {
    let Membership { room, person, role, joined_ms, .. } = membership;
    let Some((room_key, person_key)) = keys::both(connection, room, person)? else { return Ok(Join::Absent) };
    if rooms::by_id(connection, room)?.is_some_and(|room| room.kind == RoomKind::Direct) {
        return Ok(Join::Fixed);
    }
    if memberships::by_keys(connection, room, person)?.is_some() {
        return Ok(Join::Already);
    }
    if let Some(id) = invitation {
        let open = invitations::open(connection, id, *joined_ms)?;
        let Some(open) = open.filter(|open| open.room == Some(room_key)) else {
            return Ok(Join::InvitationUsedUp);
        };
        invitations::take_use(connection, open.key)?;
    }
    let version = versions::next_of_rights(connection)?;
    add(connection, (room_key, person_key), *role, *joined_ms, version)?;
    let joined = memberships::by_keys(connection, room, person)?;
    Ok(joined.map_or(Join::Absent, Join::Joined))
}

/// Whether a room has no owner but one.
fn has_one_owner(connection: &Connection, room: i64) -> Outcome<bool> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM membership WHERE room = ?1 AND role = 'owner' LIMIT 2)";
    let owners = connection.prepare_cached(sql)?.query_row([room], |row| row.get(0))?;
    Ok(unsigned(owners)? == 1)
}

/// Changes a role, if an owner is left.
pub(super) fn change_role(
    connection: &Connection,
    room: &RoomId,
    person: &PersonId,
    role: RoomRole,
) -> Outcome<ChangeRole> {
    let Some((room_key, person_key)) = keys::both(connection, room, person)? else {
        return Ok(ChangeRole::Absent);
    };
    let Some(before) = memberships::by_keys(connection, room, person)? else { return Ok(ChangeRole::Absent) };
    if before.role == role {
        return Ok(ChangeRole::Changed(before));
    }
    let is_direct = rooms::by_id(connection, room)?.is_some_and(|room| room.kind == RoomKind::Direct);
    if before.role == RoomRole::Owner && !is_direct && has_one_owner(connection, room_key)? {
        return Ok(ChangeRole::LastOwner);
    }
    let version = versions::next_of_rights(connection)?;
    let mut update = connection
        .prepare_cached("UPDATE membership SET role = ?3, version = ?4 WHERE person = ?1 AND room = ?2")?;
    update.execute(params![person_key, room_key, role.as_str(), signed(version)])?;
    Ok(ChangeRole::Changed(Membership { role, version, ..before }))
}

/// Ends a membership, if others are not left without an owner.
pub(super) fn leave(connection: &Connection, room: &RoomId, person: &PersonId, at_ms: u64) -> Outcome<Leave> {
    let Some((room_key, person_key)) = keys::both(connection, room, person)? else {
        return Ok(Leave::Absent);
    };
    let (Some(before), Some(membership)) =
        (rooms::by_id(connection, room)?, memberships::by_keys(connection, room, person)?)
    else {
        return Ok(Leave::Absent);
    };
    if before.kind == RoomKind::Direct {
        return Ok(Leave::Fixed);
    }
    let is_last = before.members <= 1;
    if membership.role == RoomRole::Owner && !is_last && has_one_owner(connection, room_key)? {
        return Ok(Leave::LastOwner);
    }
    let after = Room {
        members: before.members.saturating_sub(1),
        archived_ms: before.archived_ms.or(is_last.then_some(at_ms)),
        version: versions::next_of_rights(connection)?,
        ..before
    };
    let sql = match membership.role.restricts() {
        true => "INSERT OR IGNORE INTO restriction (person, room) VALUES (?1, ?2)",
        false => "DELETE FROM restriction WHERE person = ?1 AND room = ?2",
    };
    connection.prepare_cached(sql)?.execute([person_key, room_key])?;
    let mut delete = connection.prepare_cached("DELETE FROM membership WHERE person = ?1 AND room = ?2")?;
    delete.execute([person_key, room_key])?;
    let sql = "UPDATE room SET members = ?2, archived_ms = ?3, version = ?4 WHERE key = ?1";
    let (archived_ms, version) = (after.archived_ms.map(signed), signed(after.version));
    connection.prepare_cached(sql)?.execute(params![room_key, after.members, archived_ms, version])?;
    Ok(Leave::Left(after))
}

/// Whether somebody's role restricted them when they left last.
pub(super) fn left_restricted(connection: &Connection, room: &RoomId, person: &PersonId) -> Outcome<bool> {
    let mut select = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM restriction WHERE person = (SELECT key FROM person WHERE id = ?1)
                                                    AND room = (SELECT key FROM room WHERE id = ?2))",
    )?;
    Ok(select.query_row([person.as_str(), room.as_str()], |row| row.get(0))?)
}
