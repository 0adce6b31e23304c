//! Making and changing rooms.

use loquat_store::people::{CreateRoom, Membership, Room, RoomChange, RoomId, RoomKind, matching::fold};
use rusqlite::{Connection, params};

use super::{conflict, joining, keys, rooms, versions};
use crate::{error::Outcome, ids::signed};

/// Makes a room with its first members.
pub(super) fn create(connection: &Connection, room: &Room, members: &[Membership]) -> Outcome<CreateRoom> {
    let cannot = || conflict(format!("the room {} cannot be made", room.id));
    let is_creator_known = keys::person(connection, &room.created_by)?.is_some();
    if keys::room(connection, &room.id)?.is_some() || !is_creator_known {
        return Err(cannot());
    }
    let mut people = Vec::with_capacity(members.len());
    for member in members {
        let key = keys::person(connection, &member.person)?.filter(|key| !people.contains(key));
        people.push(key.filter(|_| member.room == room.id).ok_or_else(cannot)?);
    }
    let is_direct = room.kind == RoomKind::Direct;
    let set = is_direct.then(|| rooms::people_text(members.iter().map(|member| &member.person)));
    if let Some(set) = &set
        && let Some(found) = rooms::by_people(connection, set)?
    {
        return Ok(CreateRoom::DirectExists(found));
    }
    let version = versions::next_of_rights(connection)?;
    let key = insert(connection, room, set.as_deref(), version)?;
    for (member, person) in members.iter().zip(people) {
        joining::add(connection, (key, person), member.role, member.joined_ms, version)?;
    }
    let made = rooms::by_id(connection, &room.id)?.ok_or_else(cannot)?;
    Ok(CreateRoom::Created(made))
}

fn insert(connection: &Connection, room: &Room, people: Option<&str>, version: u64) -> Outcome<i64> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO room (id, kind, name, folded, topic, created_by, created_ms, archived_ms, people, members,
                           messages, alls, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0, ?10)",
    )?;
    Ok(insert.insert(params![
        room.id.as_str(),
        room.kind.as_str(),
        room.name,
        fold(&room.name),
        room.topic,
        room.created_by.as_str(),
        signed(room.created_ms),
        room.archived_ms.map(signed),
        people,
        signed(version),
    ])?)
}

/// Changes a room; `None` when there is none.
pub(super) fn change(connection: &Connection, id: &RoomId, change: &RoomChange) -> Outcome<Option<Room>> {
    let Some(before) = rooms::by_id(connection, id)? else { return Ok(None) };
    let change = change.clone();
    let after = Room {
        name: change.name.unwrap_or_else(|| before.name.clone()),
        topic: change.topic.unwrap_or_else(|| before.topic.clone()),
        kind: change.kind.unwrap_or(before.kind),
        archived_ms: change.archived_ms.unwrap_or(before.archived_ms),
        ..before.clone()
    };
    if after.kind != before.kind && [after.kind, before.kind].contains(&RoomKind::Direct) {
        return Err(conflict(format!("the room {id} cannot become {}", after.kind)));
    }
    if after == before {
        return Ok(Some(before));
    }
    let after = Room { version: versions::next_of_rights(connection)?, ..after };
    let mut update = connection.prepare_cached(
        "UPDATE room SET kind = ?2, name = ?3, folded = ?4, topic = ?5, archived_ms = ?6, version = ?7
         WHERE id = ?1",
    )?;
    update.execute(params![
        id.as_str(),
        after.kind.as_str(),
        after.name,
        fold(&after.name),
        after.topic,
        after.archived_ms.map(signed),
        signed(after.version),
    ])?;
    Ok(Some(after))
}
