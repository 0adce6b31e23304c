//! A bounded pool of connections that read.

use loquat_store::StoreError;
use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use crate::{
    connection::DatabaseFile,
    error::{Failure, Outcome},
    options::Options,
};

/// Connections are opened when they are first needed, up to the bound; callers beyond it wait.
pub(crate) struct Readers {
    pool: Mutex<Pool>,
    returned: Condvar,
    file: DatabaseFile,
    options: Options,
}

struct Pool {
    idle: Vec<Connection>,
    busy: usize,
}

impl Readers {
    pub(crate) fn new(file: &DatabaseFile, options: &Options) -> Self {
        let pool = Mutex::new(Pool { idle: Vec::new(), busy: 0 });
        Self { pool, returned: Condvar::new(), file: file.clone(), options: options.clone() }
    }

    /// Reads within one snapshot.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T, StoreError> {
        let mut lease = Lease { readers: self, connection: self.take() };
        let outcome = lease.connect().and_then(|connection| snapshot(connection, work));
        if matches!(outcome, Err(Failure::Sqlite(_))) {
            // Whatever state the connection is in, the next reader gets a fresh one.
            lease.connection = None;
        }
        outcome.map_err(|failure| failure.at(self.file.path()))
    }

    /// Waits for a place; with an idle connection if there is one.
    fn take(&self) -> Option<Connection> {
        let mut pool = self.pool.lock();
        while pool.busy >= self.options.readers_max.max(1) {
            self.returned.wait(&mut pool);
        }
        pool.busy += 1;
        pool.idle.pop()
    }
}

/// A place in the pool; given back also when the reader panics.
struct Lease<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Lease<'_> {
    fn connect(&mut self) -> Outcome<&Connection> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.readers.file.open_for_reading(&self.readers.options)?,
        };
        Ok(self.connection.insert(connection))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock();
        pool.busy -= 1;
        // A connection that is still in a snapshot belongs to a reader that panicked.
        pool.idle.extend(self.connection.take().filter(Connection::is_autocommit));
        self.readers.returned.notify_one();
    }
}

fn snapshot<T>(connection: &Connection, work: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let outcome = work(connection);
    connection.prepare_cached("COMMIT")?.execute([])?;
    outcome
}
