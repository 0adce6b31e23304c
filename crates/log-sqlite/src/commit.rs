//! The writer's transaction, in SQL.

use loquat_log::Entry;
use loquat_protocol::PartitionId;
use rusqlite::{Connection, Statement};

use crate::{error::Failure, keys, stage::Stage};

/// Rows of `key_batch` dropped by one commit at most; a commit adds one.
const PRUNED_PER_COMMIT: i64 = 8;

/// The writer's prepared statements.
pub(crate) struct Statements<'c> {
    connection: &'c Connection,
    begin: Statement<'c>,
    commit: Statement<'c>,
    inserts: Vec<Option<Statement<'c>>>,
    insert_keys: Statement<'c>,
    prune_keys: Statement<'c>,
    packed: Vec<u8>,
    /// The time of the oldest row of `key_batch`; none when there is none.
    oldest_keys_ms: Option<u64>,
}

impl<'c> Statements<'c> {
    pub(crate) fn prepare(connection: &'c Connection, partitions: u16) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
            inserts: (0..partitions).map(|_| None).collect(),
            insert_keys: connection.prepare("INSERT INTO key_batch(time_ms, keys) VALUES (?1, ?2)")?,
            // Ids rise with time, so what is expired is at the front.
            prune_keys: connection.prepare(
                "DELETE FROM key_batch WHERE id <= (SELECT max(id) FROM
                     (SELECT id, time_ms FROM key_batch ORDER BY id LIMIT ?1) WHERE time_ms < ?2)",
            )?,
            packed: Vec::new(),
            oldest_keys_ms: oldest_keys(connection)?,
        })
    }

    /// Runs `work` in a transaction: afterwards all of it is durable or none of it is there, unless the failure is
    /// fatal.
    pub(crate) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> rusqlite::Result<T>,
    ) -> Result<T, Failure> {
        let done = self.begin.raw_execute().and_then(|_| work(self)).and_then(|value| {
            self.commit.raw_execute()?;
            Ok(value)
        });
        done.map_err(|error| match self.roll_back() {
            Ok(()) => Failure::from(error),
            Err(worse) => Failure::Fatal(format!("{error}, and then it could not be rolled back: {worse}")),
        })
    }

    fn roll_back(&self) -> rusqlite::Result<()> {
        // SQLite rolls back by itself after some errors.
        if self.connection.is_autocommit() { Ok(()) } else { self.connection.execute_batch("ROLLBACK") }
    }

    /// Writes what is staged, and drops ids that are past the window.
    pub(crate) fn write(&mut self, stage: &Stage, span_ms: u64) -> rusqlite::Result<()> {
        self.packed.clear();
        for &partition in &stage.touched {
            let additions = &stage.partitions[partition.index()];
            self.insert(partition, &additions.entries)?;
            let Some(first) = additions.entries.first() else { continue };
            keys::pack(&mut self.packed, partition.0, first.serial.seq, &additions.ids);
        }
        self.insert_keys.raw_bind_parameter(1, stage.newest_ms)?;
        self.insert_keys.raw_bind_parameter(2, self.packed.as_slice())?;
        self.insert_keys.raw_execute()?;
        self.prune(stage.newest_ms, span_ms)
    }

    fn insert(&mut self, partition: PartitionId, entries: &[Entry]) -> rusqlite::Result<()> {
        let slot = &mut self.inserts[partition.index()];
        let statement = match slot {
            Some(statement) => statement,
            None => {
                let sql = format!(
                    "INSERT INTO entry_{}(seq, epoch, time_ms, body) VALUES (?1,?2,?3,?4)",
                    partition.0
                );
                slot.insert(self.connection.prepare(&sql)?)
            }
        };
        for entry in entries {
            statement.raw_bind_parameter(1, entry.serial.seq)?;
            statement.raw_bind_parameter(2, entry.serial.epoch)?;
            statement.raw_bind_parameter(3, entry.time_ms)?;
            statement.raw_bind_parameter(4, &entry.body[..])?;
            statement.raw_execute()?;
        }
        Ok(())
    }

    fn prune(&mut self, newest_ms: u64, span_ms: u64) -> rusqlite::Result<()> {
        let kept_since = keys::kept_since(newest_ms, span_ms);
        if self.oldest_keys_ms.is_some_and(|oldest| oldest >= kept_since) {
            return Ok(());
        }
        self.prune_keys.raw_bind_parameter(1, PRUNED_PER_COMMIT)?;
        self.prune_keys.raw_bind_parameter(2, kept_since)?;
        self.prune_keys.raw_execute()?;
        self.oldest_keys_ms = oldest_keys(self.connection)?;
        Ok(())
    }
}

fn oldest_keys(connection: &Connection) -> rusqlite::Result<Option<u64>> {
    let mut statement = connection.prepare_cached("SELECT time_ms FROM key_batch ORDER BY id LIMIT 1")?;
    let mut rows = statement.query([])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}
