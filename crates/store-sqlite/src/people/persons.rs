//! Finding people, and the trait's way to all that is done about them.

use loquat_store::{
    StoreError,
    people::{
        Admission, ChangePerson, CreatePerson, Handle, Person, PersonChange, PersonId, Persons, Recovery,
        SecretHash,
        matching::{Prefix, fold},
    },
};
use rusqlite::{Connection, ToSql, params};

use super::{SqlitePeople, admission, person_change, recovery, rows};
use crate::{
    error::Outcome,
    ids::{signed, unsigned},
};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", rows::person_columns!(), " FROM person p ", $rest)
    };
}

/// The one person that a statement finds.
fn one(connection: &Connection, sql: &str, value: impl ToSql) -> Outcome<Option<Person>> {
    let mut select = connection.prepare_cached(sql)?;
    rows::first(select.query([value])?, |row| rows::person(row, 0))
}

/// A person.
pub(super) fn by_id(connection: &Connection, id: &PersonId) -> Outcome<Option<Person>> {
    one(connection, select!("WHERE p.id = ?1"), id.as_str())
}

/// How many administrators are in use.
pub(super) fn count_administrators(connection: &Connection) -> Outcome<u64> {
    let sql = "SELECT count(*) FROM person WHERE role = 'administrator' AND deactivated_ms IS NULL";
    unsigned(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// How many people there are.
pub(crate) fn count(connection: &Connection) -> Outcome<u64> {
    unsigned(connection.prepare_cached("SELECT count(*) FROM person")?.query_row([], |row| row.get(0))?)
}

fn find(
    connection: &Connection,
    prefix: &Prefix,
    after: Option<&PersonId>,
    limit: usize,
) -> Outcome<Vec<Person>> {
    let after = match after.map(|id| by_id(connection, id)).transpose()? {
        Some(None) => return Ok(Vec::new()),
        found => found.flatten().map(|person| person.handle),
    };
    let mut select = connection.prepare_cached(select!("WHERE p.handle > ?1 ORDER BY p.handle"))?;
    // No handle is empty.
    let mut rows = select.query([after.as_ref().map_or("", Handle::as_str)])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let matches = prefix.begins(rows::text(row, 1)?) || prefix.begins_a_word(&fold(rows::text(row, 2)?));
        if matches {
            found.push(rows::person(row, 0)?);
        }
    }
    Ok(found)
}

impl Persons for SqlitePeople {
    fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError> {
        self.read(|connection| by_id(connection, id))
    }

    fn person_by_handle(&self, handle: &Handle) -> Result<Option<Person>, StoreError> {
        self.read(|connection| one(connection, select!("WHERE p.handle = ?1"), handle.as_str()))
    }

    fn person_by_login(&self, login: &str) -> Result<Option<Person>, StoreError> {
        let login = login.to_lowercase();
        // No handle looks like an address.
        self.read(|connection| one(connection, select!("WHERE p.handle = ?1 OR p.email = ?1"), &login))
    }

    fn persons(&self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        self.read(|connection| {
            let found = ids.iter().map(|id| by_id(connection, id));
            Ok(found.collect::<Outcome<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    fn find_persons(
        &self,
        prefix: &str,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<Person>, StoreError> {
        self.read(|connection| find(connection, &Prefix::new(prefix), after, limit))
    }

    fn create_person(
        &self,
        person: &Person,
        password_hash: &str,
        admission: &Admission,
    ) -> Result<CreatePerson, StoreError> {
        self.change(|connection| admission::create(connection, person, password_hash, admission))
    }

    fn change_person(&self, id: &PersonId, change: &PersonChange) -> Result<ChangePerson, StoreError> {
        self.change(|connection| person_change::change(connection, id, change))
    }

    fn password_hash(&self, id: &PersonId) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            let mut select = connection.prepare_cached("SELECT password_hash FROM person WHERE id = ?1")?;
            rows::first(select.query([id.as_str()])?, |row| Ok(row.get(0)?))
        })
    }

    fn set_password(&self, id: &PersonId, password_hash: &str) -> Result<bool, StoreError> {
        self.change(|connection| {
            let mut update = connection.prepare_cached(
                "UPDATE person SET password_hash = ?2, reset_hash = NULL, reset_expires_ms = NULL,
                                   recovery_ms = NULL WHERE id = ?1",
            )?;
            Ok(update.execute(params![id.as_str(), password_hash])? > 0)
        })
    }

    fn count_administrators(&self) -> Result<u64, StoreError> {
        self.read(count_administrators)
    }

    fn count_persons(&self) -> Result<u64, StoreError> {
        self.read(count)
    }

    fn put_reset(
        &self,
        person: &PersonId,
        code_hash: &SecretHash,
        expires_ms: u64,
    ) -> Result<bool, StoreError> {
        self.change(|connection| {
            let sql = "UPDATE person SET reset_hash = ?2, reset_expires_ms = ?3 WHERE id = ?1";
            let values = params![person.as_str(), code_hash, signed(expires_ms)];
            Ok(connection.prepare_cached(sql)?.execute(values)? > 0)
        })
    }

    fn take_reset(&self, code_hash: &SecretHash, now_ms: u64) -> Result<Option<PersonId>, StoreError> {
        self.change(|connection| recovery::take_reset(connection, code_hash, now_ms))
    }

    fn note_recovery(&self, person: &PersonId, at_ms: u64) -> Result<bool, StoreError> {
        self.change(|connection| {
            let sql = "UPDATE person SET recovery_ms = ?2 WHERE id = ?1";
            Ok(connection.prepare_cached(sql)?.execute(params![person.as_str(), signed(at_ms)])? > 0)
        })
    }

    fn recoveries(&self, limit: usize) -> Result<Vec<Recovery>, StoreError> {
        self.read(|connection| recovery::list(connection, limit))
    }
}
