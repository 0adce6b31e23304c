//! Applying the log to rooms.

use loquat_protocol::PartitionId;
use loquat_store::{
    StoreError,
    batch::check_advances,
    people::{RoomBatch, RoomProjection},
};
use rusqlite::{Connection, params};

use super::{SqlitePeople, counting::Counting, rows};
use crate::{error::Outcome, ids::signed};

/// How far each partition is counted.
pub(super) fn cursors(connection: &Connection) -> Outcome<Vec<(PartitionId, u64)>> {
    let mut select = connection.prepare_cached("SELECT partition, seq FROM cursor ORDER BY partition")?;
    rows::all(select.query([])?, |row| Ok((PartitionId(row.get(0)?), rows::number(row, 1)?)))
}

fn apply(connection: &Connection, batch: &RoomBatch) -> Outcome<()> {
    let stands = cursors(connection)?;
    check_advances(&batch.advances, |partition| {
        Ok(stands.iter().find(|(other, _)| *other == partition).map_or(0, |(_, seq)| *seq))
    })?;
    let mut counting = Counting::new(connection);
    for message in &batch.messages {
        counting.add(message)?;
    }
    counting.finish()?;
    let mut upsert = connection.prepare_cached(
        "INSERT INTO cursor (partition, seq) VALUES (?1, ?2)
         ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq",
    )?;
    for advance in &batch.advances {
        upsert.execute(params![advance.partition.0, signed(advance.to_seq)])?;
    }
    Ok(())
}

impl RoomProjection for SqlitePeople {
    fn room_cursors(&self) -> Result<Vec<(PartitionId, u64)>, StoreError> {
        self.read(cursors)
    }

    fn apply_rooms(&self, batch: &RoomBatch) -> Result<(), StoreError> {
        let mut writer = self.writer.lock();
        writer.lazily(|connection| apply(connection, batch))?;
        for advance in &batch.advances {
            writer.note_applied(advance.partition, advance.to_seq);
        }
        Ok(())
    }

    fn rooms_durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError> {
        Ok(self.writer.lock().durable_seq(partition))
    }

    fn sync_rooms(&self) -> Result<(), StoreError> {
        self.writer.lock().sync()
    }
}
