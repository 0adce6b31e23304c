//! Changing accounts.

use loquat_store::people::{ChangePerson, Email, Person, PersonChange, PersonId, PersonRole};
use rusqlite::{Connection, params};

use super::{admission, persons, versions};
use crate::{error::Outcome, ids::signed};

fn is_administrator(person: &Person) -> bool {
    person.role == PersonRole::Administrator && person.deactivated_ms.is_none()
}

fn changed(before: &Person, change: &PersonChange) -> Person {
    let change = change.clone();
    Person {
        id: before.id.clone(),
        handle: change.handle.unwrap_or_else(|| before.handle.clone()),
        name: change.name.unwrap_or_else(|| before.name.clone()),
        email: change.email.unwrap_or_else(|| before.email.clone()),
        role: change.role.unwrap_or(before.role),
        time_zone: change.time_zone.unwrap_or_else(|| before.time_zone.clone()),
        created_ms: before.created_ms,
        deactivated_ms: change.deactivated_ms.unwrap_or(before.deactivated_ms),
        version: before.version,
    }
}

/// Changes a person, if nobody else has what they want and an administrator is left.
pub(super) fn change(connection: &Connection, id: &PersonId, change: &PersonChange) -> Outcome<ChangePerson> {
    let Some(before) = persons::by_id(connection, id)? else { return Ok(ChangePerson::Absent) };
    let after = changed(&before, change);
    if admission::is_handle_taken(connection, &after.handle, id)? {
        return Ok(ChangePerson::HandleTaken);
    }
    if admission::is_email_taken(connection, after.email.as_ref(), id)? {
        return Ok(ChangePerson::EmailTaken);
    }
    let goes = is_administrator(&before) && !is_administrator(&after);
    if goes && persons::count_administrators(connection)? == 1 {
        return Ok(ChangePerson::LastAdministrator);
    }
    if after == before {
        return Ok(ChangePerson::Changed(before));
    }
    let after = Person { version: versions::next_of_rights(connection)?, ..after };
    update(connection, &after)?;
    Ok(ChangePerson::Changed(after))
}

fn update(connection: &Connection, person: &Person) -> Outcome<()> {
    let mut update = connection.prepare_cached(
        "UPDATE person SET handle = ?2, name = ?3, email = ?4, role = ?5, time_zone = ?6, deactivated_ms = ?7,
                           version = ?8 WHERE id = ?1",
    )?;
    update.execute(params![
        person.id.as_str(),
        person.handle.as_str(),
        person.name,
        person.email.as_ref().map(Email::as_str),
        person.role.as_str(),
        person.time_zone,
        person.deactivated_ms.map(signed),
        signed(person.version),
    ])?;
    Ok(())
}
