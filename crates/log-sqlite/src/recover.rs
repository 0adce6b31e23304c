//! What is read when the log is opened: heads, epochs and the idempotency window, never bodies.

use std::{path::Path, sync::Arc};

use loquat_log::{
    EpochStart,
    window::{First, Window, WindowOptions},
};
use loquat_protocol::{PartitionId, Serial};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    error::OpenError,
    keys,
    state::{Follower, Partition},
};

/// Reads where every partition stands, and checks that the pieces agree.
pub(crate) fn partitions(
    connection: &Connection,
    file: &Path,
    count: u16,
) -> Result<Vec<Partition>, OpenError> {
    (0..count).map(|partition| read_partition(connection, file, partition)).collect()
}

fn read_partition(connection: &Connection, file: &Path, partition: u16) -> Result<Partition, OpenError> {
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    let epochs = read_epochs(connection, partition).map_err(sqlite)?;
    let Some(&current) = epochs.last() else {
        return Err(OpenError::damaged(file, format!("partition {partition} has no epoch")));
    };
    let (floor_first, floor_seq, floor_ms): (u64, u64, u64) = connection
        .query_row(
            "SELECT first_seq, head_seq, head_time_ms FROM floor WHERE partition=?1",
            [partition],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .map_err(sqlite)?;
    let newest = connection
        .query_row(
            &format!("SELECT epoch, seq, time_ms FROM entry_{partition} ORDER BY seq DESC LIMIT 1"),
            [],
            |row| Ok((Serial::new(row.get(0)?, row.get(1)?), row.get::<_, u64>(2)?)),
        )
        .optional()
        .map_err(sqlite)?;
    let oldest: Option<u64> = connection
        .query_row(&format!("SELECT seq FROM entry_{partition} ORDER BY seq LIMIT 1"), [], |row| row.get(0))
        .optional()
        .map_err(sqlite)?;
    let (serial, time_ms) = newest.unwrap_or((Serial::new(current.epoch, floor_seq), floor_ms));
    let first_seq = oldest.unwrap_or(serial.seq + 1);
    if serial.seq < floor_seq || first_seq != floor_first {
        let what = format!(
            "partition {partition} holds {first_seq}..={}, and its floor says {floor_first}..={floor_seq} or later",
            serial.seq
        );
        return Err(OpenError::damaged(file, what));
    }
    if current.first_seq > serial.seq + 1 || serial.epoch > current.epoch {
        return Err(OpenError::damaged(file, format!("partition {partition} ends before its epoch begins")));
    }
    Ok(Partition { serial, time_ms, first_seq, epochs: Arc::from(epochs), follower: Follower::None })
}

fn read_epochs(connection: &Connection, partition: u16) -> rusqlite::Result<Vec<EpochStart>> {
    connection
        .prepare_cached("SELECT epoch, first_seq FROM epoch WHERE partition=?1 ORDER BY epoch")?
        .query_map([partition], |row| Ok(EpochStart { epoch: row.get(0)?, first_seq: row.get(1)? }))?
        .collect()
}

/// Rebuilds the idempotency window from the packed ids, oldest first.
pub(crate) fn window(
    connection: &Connection,
    file: &Path,
    options: WindowOptions,
    partitions: &[Partition],
) -> Result<Window, OpenError> {
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    let damaged = |id: i64| OpenError::damaged(file, format!("the ids of commit {id} don't fit the entries"));
    let mut window = Window::new(options, partitions.len() as u16);
    let newest_ms = partitions.iter().map(|partition| partition.time_ms).max().unwrap_or(0);
    let mut statement =
        connection.prepare("SELECT id, time_ms, keys FROM key_batch ORDER BY id").map_err(sqlite)?;
    let mut rows = statement.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        let (id, time_ms): (i64, u64) = (row.get(0).map_err(sqlite)?, row.get(1).map_err(sqlite)?);
        if time_ms < keys::kept_since(newest_ms, options.span_ms) {
            continue;
        }
        let packed = row.get_ref(2).map_err(sqlite)?.as_blob().map_err(|_| damaged(id))?;
        load(&mut window, packed, partitions).ok_or_else(|| damaged(id))?;
    }
    let agrees = |(index, partition): (usize, &Partition)| {
        window.next_seq(PartitionId(index as u16)).is_none_or(|next| next == partition.serial.seq + 1)
    };
    match partitions.iter().enumerate().find(|&at| !agrees(at)) {
        None => Ok(window),
        Some((index, _)) => {
            Err(OpenError::damaged(file, format!("partition {index} has entries without ids")))
        }
    }
}

/// Loads one row. None when it doesn't continue what is there.
fn load(window: &mut Window, mut packed: &[u8], partitions: &[Partition]) -> Option<()> {
    while !packed.is_empty() {
        let run = keys::unpack(&mut packed)?;
        let partition = PartitionId(run.partition);
        let end = run.first_seq.checked_add(run.len() as u64)?;
        let known = partitions.get(partition.index())?;
        let continues = window.next_seq(partition).is_none_or(|next| next == run.first_seq);
        if !continues || run.first_seq == 0 || end > known.serial.seq + 1 {
            return None;
        }
        for (seq, (key, time_ms)) in (run.first_seq..).zip(run.ids()) {
            window.insert(partition, key, First { seq, time_ms });
        }
    }
    Some(())
}
