//! Reading entries, on connections of their own that never hold the writer up.

use std::path::PathBuf;

use bytes::Bytes;
use loquat_log::{Entry, LogError, ReadLimit};
use loquat_protocol::{PartitionId, Serial};
use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use crate::{
    error::{closed, read_error},
    schema,
};

/// A bounded set of read-only connections.
pub(crate) struct Readers {
    file: PathBuf,
    pool: Mutex<Pool>,
    returned: Condvar,
}

struct Pool {
    idle: Vec<Connection>,
    /// How many more may be opened.
    unopened: usize,
    lent: usize,
    closed: bool,
}

impl Readers {
    pub(crate) fn new(file: PathBuf, readers_max: usize) -> Self {
        let pool = Pool { idle: Vec::new(), unopened: readers_max.max(1), lent: 0, closed: false };
        Self { file, pool: Mutex::new(pool), returned: Condvar::new() }
    }

    /// Reads forward from sequence number `from`.
    pub(crate) fn read(
        &self,
        partition: PartitionId,
        from: u64,
        limit: ReadLimit,
    ) -> Result<Vec<Entry>, LogError> {
        self.with(|connection| read_entries(connection, partition, from, limit))
    }

    /// Lends a connection to `work`; waits while all are lent.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LogError> {
        let connection = self.borrow()?;
        let outcome = work(&connection);
        // A connection that failed is not trusted again.
        self.give_back(outcome.is_ok().then_some(connection));
        outcome.map_err(read_error)
    }

    fn borrow(&self) -> Result<Connection, LogError> {
        let mut pool = self.pool.lock();
        let opened = loop {
            if pool.closed {
                return Err(closed());
            }
            if let Some(connection) = pool.idle.pop() {
                break Some(connection);
            }
            if pool.unopened > 0 {
                pool.unopened -= 1;
                break None;
            }
            self.returned.wait(&mut pool);
        };
        pool.lent += 1;
        drop(pool);
        if let Some(connection) = opened {
            return Ok(connection);
        }
        schema::open_reader(&self.file).map_err(|error| {
            self.give_back(None);
            read_error(error)
        })
    }

    fn give_back(&self, connection: Option<Connection>) {
        let mut pool = self.pool.lock();
        pool.lent -= 1;
        match connection {
            Some(connection) if !pool.closed => pool.idle.push(connection),
            _ => pool.unopened += 1,
        }
        drop(pool);
        self.returned.notify_all();
    }

    /// Refuses further reads and waits for the running ones, so that the writer's connection can be the last.
    pub(crate) fn close(&self) {
        let mut pool = self.pool.lock();
        pool.closed = true;
        pool.idle.clear();
        self.returned.notify_all();
        while pool.lent > 0 {
            self.returned.wait(&mut pool);
        }
    }
}

fn read_entries(
    connection: &Connection,
    partition: PartitionId,
    from: u64,
    limit: ReadLimit,
) -> rusqlite::Result<Vec<Entry>> {
    let sql = format!(
        "SELECT seq, epoch, time_ms, body FROM entry_{} WHERE seq>=?1 ORDER BY seq LIMIT ?2",
        partition.0
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let limited = i64::try_from(limit.entries).unwrap_or(i64::MAX);
    let mut rows = statement.query((i64::try_from(from).unwrap_or(i64::MAX), limited))?;
    let mut entries = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let body = Bytes::copy_from_slice(row.get_ref(3)?.as_blob()?);
        bytes += body.len();
        entries.push(Entry { serial: Serial::new(row.get(1)?, row.get(0)?), time_ms: row.get(2)?, body });
        if bytes >= limit.bytes {
            break;
        }
    }
    Ok(entries)
}
