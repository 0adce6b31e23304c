//! Truncation and epochs: the writer's rarer transactions.

use std::{collections::VecDeque, sync::Arc, sync::mpsc};

use loquat_log::{EpochStart, LogError};
use loquat_protocol::PartitionId;
use rusqlite::Connection;

use crate::state::{Follower, State};

/// Rows that one transaction lets go: a few milliseconds, between commits.
pub(crate) const TRIM_ROWS: u64 = 2048;

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
        let below = self.below.min(kept).min(partition.first_seq + TRIM_ROWS);
        (below > partition.first_seq).then_some(below)
    }

    /// Deletes what is below `below` and remembers the head, which must outlive the last row.
    pub(crate) fn delete(&self, connection: &Connection, state: &State, below: u64) -> rusqlite::Result<()> {
        let (head_seq, head_ms) = {
            let partition = state.lock(self.partition);
            (partition.serial.seq, partition.time_ms)
        };
        let id = self.partition.0;
        connection.prepare_cached(&format!("DELETE FROM entry_{id} WHERE seq < ?1"))?.execute([below])?;
        connection
            .prepare_cached("UPDATE floor SET first_seq=?2, head_seq=?3, head_time_ms=?4 WHERE partition=?1")?
            .execute((id, below, head_seq, head_ms))?;
        Ok(())
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
