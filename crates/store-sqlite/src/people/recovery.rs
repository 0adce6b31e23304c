//! Ways back in: reset codes, and who asked for one.

use loquat_store::people::{PersonId, Recovery, SecretHash};
use rusqlite::{Connection, params};

use super::rows;
use crate::{error::Outcome, ids::signed};

/// Takes a code that has not expired; whose it was.
pub(super) fn take_reset(
    connection: &Connection,
    code_hash: &SecretHash,
    now_ms: u64,
) -> Outcome<Option<PersonId>> {
    let mut take = connection.prepare_cached(
        "UPDATE person SET reset_hash = NULL, reset_expires_ms = NULL
         WHERE reset_hash = ?1 AND reset_expires_ms > ?2 RETURNING id",
    )?;
    rows::first(take.query(params![code_hash, signed(now_ms)])?, |row| {
        Ok(PersonId::from_trusted(rows::text(row, 0)?))
    })
}

/// Who asked for help, newest first.
pub(super) fn list(connection: &Connection, limit: usize) -> Outcome<Vec<Recovery>> {
    let mut select = connection.prepare_cached(
        "SELECT id, recovery_ms FROM person WHERE recovery_ms IS NOT NULL
         ORDER BY recovery_ms DESC, id LIMIT ?1",
    )?;
    rows::all(select.query([signed(limit as u64)])?, |row| {
        Ok(Recovery { person: PersonId::from_trusted(rows::text(row, 0)?), at_ms: rows::number(row, 1)? })
    })
}
