//! The time of an entry: the latest of its own and those of all entries before it.
//!
//! Publishers on different nodes don't know of each other's newest entries, so what an entry carries is a lower bound
//! that is exact up to a position (its base). The few entries between that position and the entry, stored by others
//! while the publish was on its way, decide the rest; whoever needs the time looks at them. So every reader computes
//! the same, wherever it begins.

use std::time::Duration;

use loquat_log::{Entry, LogError};
use tokio::time::Instant;

use super::Partition;
use crate::{fetch::Stored, setup::control};

/// For how long a publisher may build on what it last knew of the head. Any age is correct; an old one makes readers
/// look at more entries.
const CLOCK_FRESH: Duration = Duration::from_secs(1);

/// A position whose time is known exactly.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// The position; 0 is before the first entry.
    pub seq: u64,
    /// Its time, in milliseconds since 1970.
    pub time_ms: u64,
    /// When it was last the newest position that we knew of.
    fresh: Option<Instant>,
}

impl Partition {
    /// A recent position with its time, to publish on.
    pub(crate) async fn clock(&self) -> Result<Clock, LogError> {
        let clock = *self.clock.lock();
        if clock.fresh.is_some_and(|fresh| fresh.elapsed() < CLOCK_FRESH) {
            return Ok(clock);
        }
        let last_seq = self.last_seq().await?;
        let time_ms = if last_seq <= clock.seq { clock.time_ms } else { self.time_at(last_seq).await?.0 };
        Ok(self.observe(last_seq.max(clock.seq), time_ms))
    }

    /// Notes the exact time of a position. Gives the newest that is known.
    pub(crate) fn observe(&self, seq: u64, time_ms: u64) -> Clock {
        self.saw(seq);
        let mut clock = self.clock.lock();
        if seq >= clock.seq {
            *clock = Clock { seq, time_ms, fresh: Some(Instant::now()) };
        }
        *clock
    }

    /// The time of the entry at `seq`, which exists or existed, and its epoch unless it was truncated.
    pub(super) async fn time_at(&self, seq: u64) -> Result<(u64, Option<u16>), LogError> {
        let floor = *self.floor.lock();
        if seq < floor.seq {
            return Ok((floor.time_ms, None));
        }
        match self.entry_at(seq).await? {
            Some((entry, _)) => Ok((entry.time_ms, Some(entry.serial.epoch))),
            // Purged, so another node has set a floor above it.
            None => Ok((self.reload_floor().await?.time_ms, None)),
        }
    }

    /// The entry at `seq`, which exists or existed, with the append it was sent for; `None` when it was purged.
    pub(crate) async fn entry_at(&self, seq: u64) -> Result<Option<(Entry, u64)>, LogError> {
        let stored = self.fetch_until(seq, seq + 1).await?;
        let unit = stored.first().map(|stored| stored.envelope.unit);
        Ok(self.timed(stored).await?.pop().zip(unit))
    }

    /// Contiguous stored entries with their times.
    pub(super) async fn timed(&self, stored: Vec<Stored>) -> Result<Vec<Entry>, LogError> {
        let Some(first) = stored.first() else { return Ok(Vec::new()) };
        let (from, until) = first.envelope.uncovered(first.seq());
        let mut time_ms = self.latest_time(from, until).await?;
        let timed = |stored: Stored| {
            time_ms = time_ms.max(stored.envelope.time_ms);
            Entry { serial: stored.serial, time_ms, body: stored.envelope.body }
        };
        Ok(stored.into_iter().map(timed).collect())
    }

    /// The latest time that the entries from `from` until before `until` carry, or at least that of all entries
    /// below the floor when some of these are gone.
    pub(crate) async fn latest_time(&self, from: u64, until: u64) -> Result<u64, LogError> {
        if from >= until {
            return Ok(0);
        }
        // Boxed: finding the floor's time may itself need an entry's time.
        let stored = Box::pin(self.fetch_until(from, until)).await?;
        let carried = stored.iter().map(|stored| stored.envelope.time_ms).max().unwrap_or(0);
        let all_there = stored.first().is_some_and(|first| first.seq() == from);
        let floor = if all_there { control::Floor::default() } else { self.reload_floor().await? };
        Ok(carried.max(floor.time_ms))
    }
}
