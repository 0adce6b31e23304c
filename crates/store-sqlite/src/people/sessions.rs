//! Sessions.

use loquat_store::{
    StoreError,
    people::{Person, PersonId, SecretHash, Session, SessionId, Sessions},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{SqlitePeople, conflict, keys, rows, versions};
use crate::{
    error::Outcome,
    ids::{signed, unsigned},
};

/// The columns of a session, for a table named `s`, but whose it is.
macro_rules! columns {
    () => {
        "s.id, s.secret_hash, s.label, s.address, s.created_ms, s.seen_ms, s.expires_ms"
    };
}

const WIDTH: usize = 7;

fn read(row: &Row<'_>, person: PersonId) -> Outcome<Session> {
    Ok(Session {
        id: SessionId::from_trusted(rows::text(row, 0)?),
        person,
        secret_hash: rows::hash(row, 1)?,
        label: row.get(2)?,
        address: row.get(3)?,
        created_ms: rows::number(row, 4)?,
        seen_ms: rows::number(row, 5)?,
        expires_ms: rows::number(row, 6)?,
    })
}

fn with_person(row: &Row<'_>) -> Outcome<(Session, Person)> {
    let person = rows::person(row, WIDTH)?;
    Ok((read(row, person.id.clone())?, person))
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", ",
            rows::person_columns!(),
            " FROM session s JOIN person p ON p.key = s.person ",
            $rest
        )
    };
}

fn insert(connection: &Connection, session: &Session) -> Outcome<()> {
    let mut taken = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM session WHERE id = ?1 OR secret_hash = ?2)")?;
    let is_taken: bool =
        taken.query_row(params![session.id.as_str(), session.secret_hash], |row| row.get(0))?;
    let Some(person) = keys::person(connection, &session.person)?.filter(|_| !is_taken) else {
        return Err(conflict(format!("the session {} exists already, or is nobody's", session.id)));
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO session (id, person, secret_hash, label, address, created_ms, seen_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute(params![
        session.id.as_str(),
        person,
        session.secret_hash,
        session.label,
        session.address,
        signed(session.created_ms),
        signed(session.seen_ms),
        signed(session.expires_ms),
    ])?;
    Ok(())
}

fn end_all_but(
    connection: &Connection,
    person: &PersonId,
    except: Option<&SessionId>,
) -> Outcome<Vec<SessionId>> {
    let Some(person) = keys::person(connection, person)? else { return Ok(Vec::new()) };
    let mut end =
        connection.prepare_cached("DELETE FROM session WHERE person = ?1 AND id IS NOT ?2 RETURNING id")?;
    let mut ended = rows::all(end.query(params![person, except.map(SessionId::as_str)])?, |row| {
        Ok(SessionId::from_trusted(rows::text(row, 0)?))
    })?;
    ended.sort();
    if !ended.is_empty() {
        versions::next_of_rights(connection)?;
    }
    Ok(ended)
}

fn end_expired(connection: &Connection, now_ms: u64, limit: usize) -> Outcome<Vec<(PersonId, SessionId)>> {
    let mut select = connection.prepare_cached(
        "SELECT s.key, s.id, p.id FROM session s JOIN person p ON p.key = s.person
         WHERE s.expires_ms <= ?1 ORDER BY s.expires_ms, s.id LIMIT ?2",
    )?;
    let expired = rows::all(select.query(params![signed(now_ms), signed(limit as u64)])?, |row| {
        let session = SessionId::from_trusted(rows::text(row, 1)?);
        Ok((row.get::<_, i64>(0)?, PersonId::from_trusted(rows::text(row, 2)?), session))
    })?;
    let mut end = connection.prepare_cached("DELETE FROM session WHERE key = ?1")?;
    for (key, ..) in &expired {
        end.execute([key])?;
    }
    if !expired.is_empty() {
        versions::next_of_rights(connection)?;
    }
    Ok(expired.into_iter().map(|(_, person, session)| (person, session)).collect())
}

impl Sessions for SqlitePeople {
    fn create_session(&self, session: &Session) -> Result<(), StoreError> {
        self.change(|connection| insert(connection, session))
    }

    fn session_by_secret(&self, secret_hash: &SecretHash) -> Result<Option<(Session, Person)>, StoreError> {
        self.read(|connection| {
            let mut select = connection.prepare_cached(select!("WHERE s.secret_hash = ?1"))?;
            rows::first(select.query([secret_hash])?, with_person)
        })
    }

    fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        self.read(|connection| {
            let mut select = connection.prepare_cached(select!("WHERE s.id = ?1"))?;
            Ok(rows::first(select.query([id.as_str()])?, with_person)?.map(|(session, _)| session))
        })
    }

    fn sessions_of(&self, person: &PersonId) -> Result<Vec<Session>, StoreError> {
        self.read(|connection| {
            let Some(key) = keys::person(connection, person)? else { return Ok(Vec::new()) };
            let mut select = connection.prepare_cached(concat!(
                "SELECT ",
                columns!(),
                " FROM session s WHERE s.person = ?1 ORDER BY s.seen_ms DESC, s.id"
            ))?;
            rows::all(select.query([key])?, |row| read(row, person.clone()))
        })
    }

    fn count_sessions(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let mut select = connection.prepare_cached("SELECT count(*) FROM session")?;
            unsigned(select.query_row([], |row| row.get(0))?)
        })
    }

    fn touch_session(&self, id: &SessionId, seen_ms: u64, address: &str) -> Result<(), StoreError> {
        self.change_lazily(|connection| {
            let sql = "UPDATE session SET seen_ms = ?2, address = ?3 WHERE id = ?1";
            connection.prepare_cached(sql)?.execute(params![id.as_str(), signed(seen_ms), address])?;
            Ok(())
        })
    }

    fn extend_session(&self, id: &SessionId, expires_ms: u64) -> Result<bool, StoreError> {
        self.change(|connection| {
            let sql = "UPDATE session SET expires_ms = ?2 WHERE id = ?1";
            Ok(connection.prepare_cached(sql)?.execute(params![id.as_str(), signed(expires_ms)])? > 0)
        })
    }

    fn end_session(&self, id: &SessionId) -> Result<bool, StoreError> {
        self.change(|connection| {
            let sql = "DELETE FROM session WHERE id = ?1 RETURNING key";
            let ended: Option<i64> =
                connection.prepare_cached(sql)?.query_row([id.as_str()], |row| row.get(0)).optional()?;
            if ended.is_some() {
                versions::next_of_rights(connection)?;
            }
            Ok(ended.is_some())
        })
    }

    fn end_sessions(
        &self,
        person: &PersonId,
        except: Option<&SessionId>,
    ) -> Result<Vec<SessionId>, StoreError> {
        self.change(|connection| end_all_but(connection, person, except))
    }

    fn end_expired_sessions(
        &self,
        now_ms: u64,
        limit: usize,
    ) -> Result<Vec<(PersonId, SessionId)>, StoreError> {
        self.change(|connection| end_expired(connection, now_ms, limit))
    }
}
