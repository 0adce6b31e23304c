//! API tokens.

use loquat_store::{
    StoreError,
    people::{ApiToken, ApiTokens, Person, PersonId, SecretHash, TokenId},
};
use rusqlite::{Connection, Row, params};

use super::{SqlitePeople, conflict, keys, rows, versions};
use crate::{error::Outcome, ids::signed};

/// The columns of a token, for a table named `t`, but whose it is.
macro_rules! columns {
    () => {
        "t.id, t.secret_hash, t.name, t.created_ms, t.expires_ms, t.used_ms"
    };
}

const WIDTH: usize = 6;

fn read(row: &Row<'_>, person: PersonId) -> Outcome<ApiToken> {
    Ok(ApiToken {
        id: TokenId::from_trusted(rows::text(row, 0)?),
        person,
        secret_hash: rows::hash(row, 1)?,
        name: row.get(2)?,
        created_ms: rows::number(row, 3)?,
        expires_ms: rows::number_or_none(row, 4)?,
        used_ms: rows::number_or_none(row, 5)?,
    })
}

fn insert(connection: &Connection, token: &ApiToken) -> Outcome<()> {
    let mut taken =
        connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM token WHERE id = ?1 OR secret_hash = ?2)")?;
    let is_taken: bool = taken.query_row(params![token.id.as_str(), token.secret_hash], |row| row.get(0))?;
    let Some(person) = keys::person(connection, &token.person)?.filter(|_| !is_taken) else {
        return Err(conflict(format!("the token {} exists already, or is nobody's", token.id)));
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO token (id, person, secret_hash, name, created_ms, expires_ms, used_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    insert.execute(params![
        token.id.as_str(),
        person,
        token.secret_hash,
        token.name,
        signed(token.created_ms),
        token.expires_ms.map(signed),
        token.used_ms.map(signed),
    ])?;
    Ok(())
}

impl ApiTokens for SqlitePeople {
    fn create_token(&self, token: &ApiToken) -> Result<(), StoreError> {
        self.change(|connection| insert(connection, token))
    }

    fn token_by_secret(&self, secret_hash: &SecretHash) -> Result<Option<(ApiToken, Person)>, StoreError> {
        self.read(|connection| {
            let mut select = connection.prepare_cached(concat!(
                "SELECT ",
                columns!(),
                ", ",
                rows::person_columns!(),
                " FROM token t JOIN person p ON p.key = t.person WHERE t.secret_hash = ?1"
            ))?;
            rows::first(select.query([secret_hash])?, |row| {
                let person = rows::person(row, WIDTH)?;
                Ok((read(row, person.id.clone())?, person))
            })
        })
    }

    fn tokens_of(&self, person: &PersonId) -> Result<Vec<ApiToken>, StoreError> {
        self.read(|connection| {
            let Some(key) = keys::person(connection, person)? else { return Ok(Vec::new()) };
            let mut select = connection.prepare_cached(concat!(
                "SELECT ",
                columns!(),
                " FROM token t WHERE t.person = ?1 ORDER BY t.created_ms DESC, t.id"
            ))?;
            rows::all(select.query([key])?, |row| read(row, person.clone()))
        })
    }

    fn revoke_token(&self, person: &PersonId, id: &TokenId) -> Result<bool, StoreError> {
        self.change(|connection| {
            let sql = "DELETE FROM token WHERE id = ?1 AND person = (SELECT key FROM person WHERE id = ?2)";
            let revoked = connection.prepare_cached(sql)?.execute([id.as_str(), person.as_str()])? > 0;
            if revoked {
                versions::next_of_rights(connection)?;
            }
            Ok(revoked)
        })
    }

    fn touch_token(&self, id: &TokenId, used_ms: u64) -> Result<(), StoreError> {
        self.change_lazily(|connection| {
            let sql = "UPDATE token SET used_ms = ?2 WHERE id = ?1";
            connection.prepare_cached(sql)?.execute(params![id.as_str(), signed(used_ms)])?;
            Ok(())
        })
    }
}
