//! Reading entries, on connections of their own that never hold the writer up.

use std::{ops::ControlFlow, path::PathBuf};

use bytes::Bytes;
use loquat_log::{Entry, LogError, ReadLimit};
use loquat_protocol::{PartitionId, Serial};
use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use crate::{
    block,
    bodies::Bodies,
    error::{closed, read_error},
    schema, walk,
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

    /// Reads forward from sequence number `from`, with what `bodies` keeps from earlier reads.
    pub(crate) fn read(
        &self,
        partition: PartitionId,
        from: u64,
        limit: ReadLimit,
        bodies: &mut Bodies,
    ) -> Result<Vec<Entry>, LogError> {
        self.with(|connection| read_entries(connection, partition, from, limit, bodies))
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

/// All of one moment: what is truncated meanwhile is there or is not.
fn read_entries(
    connection: &Connection,
    partition: PartitionId,
    from: u64,
    limit: ReadLimit,
    bodies: &mut Bodies,
) -> rusqlite::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    if limit.entries == 0 {
        return Ok(entries);
    }
    let moment = connection.unchecked_transaction()?;
    let floor: u64 = moment
        .prepare_cached("SELECT first_seq FROM floor WHERE partition=?1")?
        .query_row([partition.0], |row| row.get(0))?;
    // Entries below the floor may be there still.
    let from = from.max(floor);
    let mut statement = moment.prepare_cached("SELECT bodies_hash, bodies FROM block WHERE id=?1")?;
    let mut bytes = 0;
    walk::walk(&moment, partition, from, |visited| {
        let bodies = bodies.get(visited.id, || {
            statement.query_row([visited.id], |row| {
                let bodies = row.get_ref(1)?.as_blob()?;
                block::check_bodies(visited.id, row.get(0)?, bodies, visited.bodies_length)?;
                Ok(Bytes::copy_from_slice(bodies))
            })
        })?;
        for (seq, time_ms, body) in visited.run.entries(&bodies).filter(|(seq, ..)| *seq >= from) {
            bytes += body.len();
            let serial = Serial::new(visited.run.epoch, seq);
            entries.push(Entry { serial, time_ms, body: Bytes::copy_from_slice(body) });
            if bytes >= limit.bytes || entries.len() >= limit.entries {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    drop(statement);
    moment.commit()?;
    Ok(entries)
}
