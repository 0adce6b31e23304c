//! Truncation and epochs: the writer's rarer transactions.

use std::{
    collections::VecDeque,
    ops::ControlFlow,
    sync::{Arc, mpsc},
};

use loquat_log::{EpochStart, LogError};
use loquat_protocol::PartitionId;
use rusqlite::Connection;

use crate::{
    block::Run,
    marks,
    state::{Follower, State},
    walk,
};

/// Entries and blocks that one transaction lets go: a few milliseconds, between commits.
const TRIM_ENTRIES: u64 = 2048;
const TRIM_BLOCKS: u32 = 256;

/// A truncation under way.
pub(crate) struct Trim {
    pub(crate) partition: PartitionId,
    pub(crate) below: u64,
    pub(crate) reply: mpsc::SyncSender<Result<(), LogError>>,
}

/// Truncations in the order of their calls.
pub(crate) type Trims = VecDeque<Trim>;

impl Trim {
    /// The next piece: where the partition begins after it. None when nothing is left to do.
    ///
    /// What a follower has still to be given stays, whatever the caller said.
    pub(crate) fn next(&self, state: &State) -> Option<u64> {
        let partition = state.lock(self.partition);
        let kept = match partition.follower {
            Follower::CatchingUp { next } => next,
            _ => partition.serial.seq + 1,
        };
        let below = self.below.min(kept).min(partition.first_seq + TRIM_ENTRIES);
        (below > partition.first_seq).then_some(below)
    }

    /// Notes that the partition begins at `below`, or before it where more would take too long, and deletes the blocks
    /// that no partition needs any more. Gives where it begins. The head is noted too: it must outlive the last entry.
    pub(crate) fn delete(&self, connection: &Connection, state: &State, below: u64) -> rusqlite::Result<u64> {
        let (head_seq, head_ms, first_seq) = {
            let partition = state.lock(self.partition);
            (partition.serial.seq, partition.time_ms, partition.first_seq)
        };
        let mut floors: Vec<u64> = state.ids().map(|id| state.lock(id).first_seq).collect();
        floors[self.partition.index()] = below;
        let mut delete = connection.prepare_cached("DELETE FROM block WHERE id=?1")?;
        let (mut reached, mut gone, mut visits) = (below, Vec::new(), 0);
        walk::walk(connection, self.partition, first_seq, |visited| {
            let needed = |run: &Run<'_>| {
                floors.get(usize::from(run.partition)).is_none_or(|&floor| run.end_seq() > floor)
            };
            if !visited.runs.iter().any(needed) {
                gone.push(visited.id);
            }
            visits += 1;
            if visited.run.end_seq() >= below {
                return Ok(ControlFlow::Break(()));
            }
            if visits >= TRIM_BLOCKS {
                reached = visited.run.end_seq();
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for id in &gone {
            delete.execute([id])?;
        }
        if !gone.is_empty() {
            marks::prune(connection)?;
        }
        connection
            .prepare_cached("UPDATE floor SET first_seq=?2, head_seq=?3, head_time_ms=?4 WHERE partition=?1")?
            .execute((self.partition.0, reached, head_seq, head_ms))?;
        Ok(reached)
    }
}

/// Writes the beginning of a new epoch for every partition, one above the highest there is.
pub(crate) fn insert_epoch(connection: &Connection, state: &State) -> rusqlite::Result<u16> {
    let highest = state.ids().map(|id| state.lock(id).epoch()).max().unwrap_or(1);
    let mut insert = connection.prepare("INSERT INTO epoch VALUES (?1, ?2, ?3)")?;
    for id in state.ids() {
        let first_seq = state.lock(id).serial.seq + 1;
        insert.execute((id.0, highest + 1, first_seq))?;
    }
    Ok(highest + 1)
}

/// Makes an epoch that is durable the current one.
pub(crate) fn publish_epoch(state: &State, epoch: u16) {
    for id in state.ids() {
        let mut partition = state.lock(id);
        let start = EpochStart { epoch, first_seq: partition.serial.seq + 1 };
        partition.epochs = partition.epochs.iter().copied().chain([start]).collect::<Arc<[_]>>();
        let first_seq = partition.first_seq;
        partition.truncated(first_seq);
    }
}
