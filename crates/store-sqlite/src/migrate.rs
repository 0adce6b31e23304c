//! Versions of the files: forward only, one step per SQL file, each in a transaction of its own.

use std::path::Path;

use loquat_store::{StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::error::{Failure, Outcome};

/// What a file's name is and how its tables came to be. Step n leads to version n; a released step never changes.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) file: &'static str,
    /// Marks the file as ours in its header.
    application_id: i32,
    steps: &'static [&'static str],
}

/// The projection.
pub(crate) static STORE: Schema = Schema {
    file: "store.sqlite",
    application_id: 0x4c51_5354,
    steps: &[
        include_str!("../migrations/store/0001_history.sql"),
        include_str!("../migrations/store/0002_members.sql"),
        include_str!("../migrations/store/0003_retention.sql"),
    ],
};

/// Apps and keys.
pub(crate) static DIRECTORY: Schema = Schema {
    file: "directory.sqlite",
    application_id: 0x4c51_4449,
    steps: &[include_str!("../migrations/directory/0001_apps_and_keys.sql")],
};

/// People and rooms.
pub(crate) static PEOPLE: Schema = Schema {
    file: "people.sqlite",
    application_id: 0x4c51_5045,
    steps: &[
        include_str!("../migrations/people/0001_people_and_rooms.sql"),
        include_str!("../migrations/people/0002_restrictions.sql"),
    ],
};

impl Schema {
    /// The version that this release writes.
    fn version(&self) -> i64 {
        self.steps.len() as i64
    }
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

/// Refuses a file of a later release or of another program. Reads only.
pub(crate) fn check_version(connection: &Connection, schema: &Schema, path: &Path) -> Outcome<()> {
    let (found, ours) = (number(connection, "user_version")?, schema.version());
    if found > ours {
        let message = format!(
            "{} has version {found}, this program knows versions up to {ours}; use the release that wrote it, \
             or a later one",
            path.display()
        );
        return Err(StoreError::new(StoreErrorKind::Newer, message).into());
    }
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && number(connection, "application_id")? != i64::from(schema.application_id) {
        return Err(Failure::Damaged("it is the database of another program"));
    }
    Ok(())
}

/// Runs the steps that the file has not seen.
pub(crate) fn run(connection: &Connection, schema: &Schema) -> Outcome<()> {
    if number(connection, "user_version")? == schema.version() {
        return Ok(());
    }
    for (step, sql) in (1_i64..).zip(schema.steps) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let outcome = run_step(connection, schema, step, sql);
        if outcome.is_err() && !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK")?;
        }
        outcome?;
    }
    Ok(())
}

/// One step. Another process may have run it meanwhile: the version counts that stands within the transaction.
fn run_step(connection: &Connection, schema: &Schema, step: i64, sql: &str) -> Outcome<()> {
    if number(connection, "user_version")? < step {
        tracing::debug!(file = schema.file, version = step, "migrating");
        connection.execute_batch(sql)?;
        connection.pragma_update(None, "user_version", step)?;
        connection.pragma_update(None, "application_id", schema.application_id)?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}
