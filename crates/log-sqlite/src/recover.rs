//! What is read when the log is opened: where partitions begin and end, epochs and the idempotency window, never bodies.

use std::{ops::ControlFlow, path::Path, sync::Arc};

use loquat_log::{
    EpochStart,
    window::{First, Window, WindowOptions},
};
use loquat_protocol::{PartitionId, Serial};
use rusqlite::Connection;

use crate::{
    block,
    error::{OpenError, damaged},
    floor::Floor,
    keys,
    marks::{self, Tail},
    state::{Follower, Partition},
    walk,
};

/// Reads where every partition stands, and checks that the pieces agree.
pub(crate) fn partitions(
    connection: &Connection,
    file: &Path,
    count: u16,
) -> Result<Vec<Partition>, OpenError> {
    let sqlite = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    let floors = Floor::read_all(connection, count).map_err(sqlite)?;
    let ends = ends(connection, &floors).map_err(sqlite)?;
    floors
        .iter()
        .zip(&ends)
        .enumerate()
        .map(|(partition, (floor, end))| {
            let partition = PartitionId(partition as u16);
            assemble(connection, partition, floor, end)
                .map_err(sqlite)?
                .map_err(|what| OpenError::damaged(file, format!("partition {} {what}", partition.0)))
        })
        .collect()
}

/// Where each partition ends: the newest mark tells where it stood there, the blocks after it what came then.
pub(crate) fn ends(connection: &Connection, floors: &[Floor]) -> rusqlite::Result<Vec<Tail>> {
    let mark = marks::newest(connection)?;
    let begin = |floor: &Floor| Tail { next_seq: floor.first_seq, time_ms: 0 };
    let (from_block, mut ends) = match mark {
        None => (0, floors.iter().map(begin).collect()),
        Some(mark) if mark.tails.len() == floors.len() => (mark.block, mark.tails),
        Some(mark) => return Err(damaged(format!("the mark at block {} is malformed", mark.block))),
    };
    let mut statement =
        connection.prepare("SELECT id, head_hash, head FROM block WHERE id>=?1 ORDER BY id")?;
    let mut rows = statement.query([from_block])?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let (runs, _) = block::open_head(id, row.get(1)?, row.get_ref(2)?.as_blob()?)?;
        for run in runs {
            let at = usize::from(run.partition);
            let (Some(end), Some(floor)) = (ends.get_mut(at), floors.get(at)) else {
                return Err(damaged(format!("block {id} is of another log: it has partition {at}")));
            };
            if !floor.allows(end.next_seq, run.first_seq) {
                let (partition, next) = (run.partition, end.next_seq);
                let what = format!(
                    "partition {partition} has entry {} in block {id}, where {next} is due",
                    run.first_seq
                );
                return Err(damaged(what));
            }
            *end = Tail { next_seq: run.end_seq(), time_ms: run.times().last().unwrap_or(end.time_ms) };
        }
    }
    for (end, floor) in ends.iter_mut().zip(floors) {
        // When everything was truncated, the floor alone knows.
        if floor.first_seq == floor.head_seq + 1 {
            end.next_seq = end.next_seq.max(floor.first_seq);
        }
        end.time_ms = end.time_ms.max(floor.head_ms);
    }
    Ok(ends)
}

/// Puts together what is known of a partition. The inner error says what doesn't fit.
fn assemble(
    connection: &Connection,
    id: PartitionId,
    floor: &Floor,
    end: &Tail,
) -> rusqlite::Result<Result<Partition, String>> {
    let epochs = read_epochs(connection, id.0)?;
    let Some(&current) = epochs.last() else { return Ok(Err("has no epoch".into())) };
    let (first_seq, head_seq) = (floor.first_seq, end.next_seq - 1);
    let oldest = oldest(connection, id, floor)?;
    let lacks_oldest = first_seq <= head_seq && oldest.is_none_or(|oldest| oldest > first_seq);
    if lacks_oldest || head_seq < floor.head_seq || first_seq > end.next_seq {
        let (held, wanted) = (oldest.unwrap_or(end.next_seq), floor.head_seq);
        return Ok(Err(format!(
            "holds {held}..={head_seq}, and its floor says {first_seq}..={wanted} or later"
        )));
    }
    let epoch = if first_seq > head_seq { current.epoch } else { epoch_of(&epochs, head_seq) };
    if current.first_seq > end.next_seq {
        return Ok(Err("ends before its epoch begins".into()));
    }
    Ok(Ok(Partition {
        serial: Serial::new(epoch, head_seq),
        time_ms: end.time_ms,
        first_seq,
        epochs: Arc::from(epochs),
        follower: Follower::None,
    }))
}

/// The oldest entry in a block that is at or above the floor.
fn oldest(connection: &Connection, id: PartitionId, floor: &Floor) -> rusqlite::Result<Option<u64>> {
    let mut oldest = None;
    walk::walk(connection, id, floor.first_seq, |visited| {
        oldest = Some(visited.run.first_seq.max(floor.first_seq));
        Ok(ControlFlow::Break(()))
    })?;
    Ok(oldest)
}

/// The epoch of an entry.
pub(crate) fn epoch_of(epochs: &[EpochStart], seq: u64) -> u16 {
    epochs.iter().rev().find(|start| start.first_seq <= seq).map_or(1, |start| start.epoch)
}

pub(crate) fn read_epochs(connection: &Connection, partition: u16) -> rusqlite::Result<Vec<EpochStart>> {
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
    let misfit = |id: i64| OpenError::damaged(file, format!("the ids of commit {id} don't fit the entries"));
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
        let packed = row.get_ref(2).map_err(sqlite)?.as_blob().map_err(|_| misfit(id))?;
        load(&mut window, packed, partitions).ok_or_else(|| misfit(id))?;
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
