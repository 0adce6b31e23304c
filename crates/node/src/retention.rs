//! What becomes too old goes: from history by the class of its channel, from the log once nobody needs it.

use loquat_protocol::PartitionId;
use loquat_store::{Cursor, Retention, StoreError};

use crate::{Node, clock::wall_ms};

/// Rows that are deleted at once; the others wait for the next time.
const PRUNE_ROWS_MAX: usize = 10_000;

/// How long history is kept, milliseconds; `None` for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RetentionTimes {
    /// On channels that are no rooms.
    pub realtime_ms: Option<u64>,
    /// In rooms.
    pub rooms_ms: Option<u64>,
}

impl RetentionTimes {
    fn of(&self, class: Retention) -> Option<u64> {
        match class {
            Retention::Realtime => self.realtime_ms,
            Retention::Rooms => self.rooms_ms,
        }
    }
}

impl Node {
    /// Retention of history, then of the log: below what every consumer has durably and out of the ring. On the thread of
    /// the projector, which alone changes history.
    pub(crate) fn trim(&self, times: &RetentionTimes) {
        for partition in self.feed().partitions() {
            if let Err(error) = self.prune(partition, times) {
                tracing::error!(%error, %partition, "history cannot be pruned");
                continue;
            }
            let floor = self.feed().floor_seq(partition);
            let truncate = |durable: u64| self.log().truncate(partition, durable.min(floor) + 1);
            match self.consumers().while_none_comes(partition, truncate) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, %partition, "the log cannot be truncated"),
                Err(error) => tracing::error!(%error, %partition, "the log is not truncated"),
            }
        }
    }

    fn prune(&self, partition: PartitionId, times: &RetentionTimes) -> Result<(), StoreError> {
        for class in Retention::ALL {
            if let Some(kept_ms) = times.of(class) {
                let before_ms = wall_ms().saturating_sub(kept_ms);
                self.projection().prune(partition, class, before_ms, PRUNE_ROWS_MAX)?;
            }
        }
        self.note_cursor(partition, &self.projection().cursor(partition)?);
        Ok(())
    }

    /// Tells the feed what retention removed before this process began.
    pub(crate) fn note_pruned(&self) {
        for partition in self.feed().partitions() {
            if let Ok(cursor) = self.projection().cursor(partition) {
                self.note_cursor(partition, &cursor);
            }
        }
    }

    fn note_cursor(&self, partition: PartitionId, cursor: &Cursor) {
        for class in Retention::ALL {
            self.feed().pruned(partition, class, cursor.pruned_seq_of(class));
        }
    }
}
