//! The counter.

use rusqlite::Connection;

use crate::{error::Outcome, ids::unsigned};

fn number(connection: &Connection, sql: &str) -> Outcome<u64> {
    unsigned(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The counter's value.
pub(crate) fn version(connection: &Connection) -> Outcome<u64> {
    number(connection, "SELECT version FROM counter")
}

/// Its value when somebody's rights may have changed last.
pub(crate) fn rights_version(connection: &Connection) -> Outcome<u64> {
    number(connection, "SELECT rights_version FROM counter")
}

/// The next value, for a step that touches nobody's rights.
pub(super) fn next(connection: &Connection) -> Outcome<u64> {
    number(connection, "UPDATE counter SET version = version + 1 RETURNING version")
}

/// The next value, for a step that may touch somebody's rights.
pub(super) fn next_of_rights(connection: &Connection) -> Outcome<u64> {
    let sql = "UPDATE counter SET version = version + 1, rights_version = version + 1 RETURNING version";
    number(connection, sql)
}

/// Writes something, so that there is something to sync.
pub(super) fn touch(connection: &Connection) -> Outcome<()> {
    connection.prepare_cached("UPDATE counter SET syncs = syncs + 1")?.execute([])?;
    Ok(())
}
