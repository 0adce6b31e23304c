//! Making accounts.

use loquat_store::people::{Admission, CreatePerson, Email, Handle, Person, PersonId, RoomRole};
use rusqlite::{Connection, params};

use super::{conflict, invitations, joining, keys, persons, versions};
use crate::{error::Outcome, ids::signed};

/// Makes an account, if the admission allows it and nobody has the handle or the address.
pub(super) fn create(
    connection: &Connection,
    person: &Person,
    password_hash: &str,
    admission: &Admission,
) -> Outcome<CreatePerson> {
    if keys::person(connection, &person.id)?.is_some() {
        return Err(conflict(format!("the person {} exists already", person.id)));
    }
    if *admission == Admission::First && persons::count(connection)? > 0 {
        return Ok(CreatePerson::NotFirst);
    }
    let mut invitation = None;
    if let Admission::Invited(id) = admission {
        invitation = invitations::open(connection, id, person.created_ms)?;
        if invitation.is_none() {
            return Ok(CreatePerson::InvitationUsedUp);
        }
    }
    if is_handle_taken(connection, &person.handle, &person.id)? {
        return Ok(CreatePerson::HandleTaken);
    }
    if is_email_taken(connection, person.email.as_ref(), &person.id)? {
        return Ok(CreatePerson::EmailTaken);
    }
    let person = Person { version: versions::next_of_rights(connection)?, ..person.clone() };
    let key = insert(connection, &person, password_hash)?;
    if let Some(invitation) = invitation {
        invitations::take_use(connection, invitation.key)?;
        if let Some(room) = invitation.room {
            joining::add(connection, (room, key), RoomRole::Member, person.created_ms, person.version)?;
        }
    }
    Ok(CreatePerson::Created(person))
}

fn insert(connection: &Connection, person: &Person, password_hash: &str) -> Outcome<i64> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO person (id, handle, name, email, role, time_zone, created_ms, deactivated_ms, version,
                             password_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    Ok(insert.insert(params![
        person.id.as_str(),
        person.handle.as_str(),
        person.name,
        person.email.as_ref().map(Email::as_str),
        person.role.as_str(),
        person.time_zone,
        signed(person.created_ms),
        person.deactivated_ms.map(signed),
        signed(person.version),
        password_hash,
    ])?)
}

fn exists(connection: &Connection, sql: &str, value: &str, other_than: &PersonId) -> Outcome<bool> {
    let values = params![value, other_than.as_str()];
    Ok(connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
}

/// Whether somebody else has a handle.
pub(super) fn is_handle_taken(
    connection: &Connection,
    handle: &Handle,
    by_other_than: &PersonId,
) -> Outcome<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM person WHERE handle = ?1 AND id <> ?2)";
    exists(connection, sql, handle.as_str(), by_other_than)
}

/// Whether somebody else has an address.
pub(super) fn is_email_taken(
    connection: &Connection,
    email: Option<&Email>,
    by_other_than: &PersonId,
) -> Outcome<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM person WHERE email = ?1 AND id <> ?2)";
    email.map_or(Ok(false), |email| exists(connection, sql, email.as_str(), by_other_than))
}
