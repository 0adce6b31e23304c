//! Applying the log.

use loquat_protocol::{AppId, PartitionId};
use loquat_store::{Cursor, Member, Projection, ProjectionBatch, Retention, Row, StoreError, StoreErrorKind};
use rusqlite::{Connection, params};

use crate::{
    SqliteStore, cursors,
    error::Outcome,
    ids::{SEQ_MAX, entry_id, signed},
    index::IndexWriter,
    members, remove, retention,
    timelines::{Timeline, TimelineKey, Timelines},
};

impl Projection for SqliteStore {
    fn cursor(&self, partition: PartitionId) -> Result<Cursor, StoreError> {
        self.readers.read(|connection| cursors::read(connection, partition))
    }

    fn apply(&self, batch: &ProjectionBatch) -> Result<(), StoreError> {
        let mut writer = self.writer.lock();
        let touched = writer.change(|connection, timelines| apply(connection, timelines, batch))?;
        for (key, timeline) in touched {
            writer.timelines.put(key, timeline);
        }
        Ok(())
    }

    fn members(&self) -> Result<Vec<Member>, StoreError> {
        self.readers.read(members::read)
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.writer.lock().sync()
    }

    fn prune(
        &self,
        partition: PartitionId,
        retention: Retention,
        before_ms: u64,
        limit: usize,
    ) -> Result<bool, StoreError> {
        let mut writer = self.writer.lock();
        writer.change(|connection, timelines| {
            retention::prune(connection, timelines, (partition, retention), before_ms, limit)
        })
    }

    fn remove_app(&self, app: &AppId) -> Result<(), StoreError> {
        self.writer.lock().change(|connection, _| members::remove_app(connection, app))?;
        // The lock is given up between the steps, so that nothing else has to wait for all of them.
        while self.writer.lock().change(|connection, timelines| remove::step(connection, timelines, app))? {}
        self.writer.lock().sync()
    }
}

fn apply(
    connection: &Connection,
    timelines: &mut Timelines,
    batch: &ProjectionBatch,
) -> Outcome<Vec<(TimelineKey, Timeline)>> {
    check(connection, batch)?;
    let touched = insert(connection, timelines, &batch.rows)?;
    for advance in &batch.advances {
        let rows = batch.rows.iter().filter(|row| row.partition == advance.partition).count();
        cursors::advance(connection, advance.partition, advance.to_seq, rows)?;
    }
    Ok(touched)
}

fn check(connection: &Connection, batch: &ProjectionBatch) -> Outcome<()> {
    let mut stands = Vec::with_capacity(batch.advances.len());
    for advance in &batch.advances {
        if advance.to_seq > SEQ_MAX {
            let message = format!("the sequence number {} is above the largest, {SEQ_MAX}", advance.to_seq);
            return Err(StoreError::new(StoreErrorKind::OutOfOrder, message).into());
        }
        stands.push((advance.partition, cursors::read(connection, advance.partition)?.seq));
    }
    let stands_at = |partition| stands.iter().find(|(p, _)| *p == partition).map_or(0, |(_, seq)| *seq);
    batch.check(|partition| Ok(stands_at(partition)))?;
    Ok(())
}

fn insert<'a>(
    connection: &'a Connection,
    timelines: &'a mut Timelines,
    rows: &'a [Row],
) -> Outcome<Vec<(TimelineKey, Timeline)>> {
    let mut index = IndexWriter::new(connection, timelines)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry (id, timeline, epoch, time_ms, items, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for row in rows {
        members::apply(connection, row)?;
        let (id, timeline) = (entry_id(row.partition, row.serial.seq), index.add(row)?);
        insert.execute(params![
            id,
            timeline,
            row.serial.epoch,
            signed(row.time_ms),
            row.items,
            &row.body[..]
        ])?;
    }
    index.finish()
}
