//! The writer's transaction, in SQL.

use rusqlite::{Connection, Statement};

use crate::{
    block,
    error::Failure,
    keys,
    marks::{self, MARK_BLOCKS},
    stage::{Stage, Tail},
};

/// Rows of `key_batch` dropped by one commit at most; a commit adds one.
const PRUNED_PER_COMMIT: i64 = 8;

/// The writer's prepared statements.
pub(crate) struct Statements<'c> {
    connection: &'c Connection,
    begin: Statement<'c>,
    commit: Statement<'c>,
    insert_block: Statement<'c>,
    insert_keys: Statement<'c>,
    prune_keys: Statement<'c>,
    /// What is bound; kept between commits for their memory.
    head: Vec<u8>,
    bodies: Vec<u8>,
    packed: Vec<u8>,
    next: NextBlock,
    /// The time of the oldest row of `key_batch`; none when there is none.
    oldest_keys_ms: Option<u64>,
}

/// Where the next block goes.
#[derive(Clone, Copy)]
struct NextBlock {
    id: i64,
    /// Blocks since the newest mark, at most.
    unmarked: u32,
}

impl NextBlock {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let newest: Option<i64> = connection.query_row("SELECT max(id) FROM block", [], |row| row.get(0))?;
        let mark = marks::newest(connection)?.map(|mark| mark.block);
        // Numbers of blocks that are gone aren't given again while a mark may know them.
        let id = newest.max(mark).unwrap_or(0) + 1;
        let unmarked = mark.map_or(MARK_BLOCKS, |mark| u32::try_from(id - mark).unwrap_or(MARK_BLOCKS));
        Ok(Self { id, unmarked })
    }
}

impl<'c> Statements<'c> {
    pub(crate) fn prepare(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
            insert_block: connection.prepare("INSERT INTO block VALUES (?1, ?2, ?3, ?4, ?5)")?,
            insert_keys: connection.prepare("INSERT INTO key_batch(time_ms, keys) VALUES (?1, ?2)")?,
            // Ids rise with time, so what is expired is at the front.
            prune_keys: connection.prepare(
                "DELETE FROM key_batch WHERE id <= (SELECT max(id) FROM
                     (SELECT id, time_ms FROM key_batch ORDER BY id LIMIT ?1) WHERE time_ms < ?2)",
            )?,
            head: Vec::new(),
            bodies: Vec::new(),
            packed: Vec::new(),
            next: NextBlock::read(connection)?,
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

    /// Writes what is staged after `tails`, and drops ids that are past the window. The caller says when it is durable,
    /// with [`Statements::written`].
    pub(crate) fn write(&mut self, stage: &Stage, tails: &[Tail], span_ms: u64) -> rusqlite::Result<()> {
        self.head.clear();
        self.bodies.clear();
        self.packed.clear();
        for &partition in &stage.touched {
            let additions = &stage.partitions[partition.index()];
            let Some(first) = additions.entries.first() else { continue };
            block::pack(&mut self.head, &mut self.bodies, partition, &additions.entries);
            keys::pack(&mut self.packed, partition.0, first.serial.seq, &additions.ids);
        }
        let id = self.next.id;
        if self.next.unmarked >= MARK_BLOCKS {
            let tail = |tail: &Tail| marks::Tail { next_seq: tail.seq + 1, time_ms: tail.time_ms };
            marks::insert(self.connection, id, tails.iter().map(tail))?;
        }
        self.insert_block.raw_bind_parameter(1, id)?;
        self.insert_block.raw_bind_parameter(2, block::hash(id, &self.head))?;
        self.insert_block.raw_bind_parameter(3, block::hash(id, &self.bodies))?;
        self.insert_block.raw_bind_parameter(4, self.head.as_slice())?;
        self.insert_block.raw_bind_parameter(5, self.bodies.as_slice())?;
        self.insert_block.raw_execute()?;
        self.insert_keys.raw_bind_parameter(1, stage.newest_ms)?;
        self.insert_keys.raw_bind_parameter(2, self.packed.as_slice())?;
        self.insert_keys.raw_execute()?;
        self.prune(stage.newest_ms, span_ms)
    }

    /// What was written last is durable: the next block comes after it.
    pub(crate) fn written(&mut self) {
        let unmarked = if self.next.unmarked >= MARK_BLOCKS { 1 } else { self.next.unmarked + 1 };
        self.next = NextBlock { id: self.next.id + 1, unmarked };
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
