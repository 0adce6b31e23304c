//! One partition: its epochs, what is known of its head, and reading it.

mod head;
mod time;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use loquat_log::{Entry, EpochStart, LogError, LogErrorKind, ReadLimit};
use loquat_protocol::PartitionId;
use parking_lot::Mutex;
use tokio::time::Instant;

pub(crate) use self::time::Clock;
use crate::{
    fetch::{BATCH_BYTES_MAX, BATCH_MESSAGES_MAX, Stored, fetch},
    link::Link,
    setup::control::{self, Floor},
};

/// How long a read waits for a replica that is behind.
const BEHIND_MAX: Duration = Duration::from_secs(5);
const BEHIND_PAUSE: Duration = Duration::from_millis(20);

/// One partition of the log.
pub(crate) struct Partition {
    pub id: PartitionId,
    pub link: Arc<Link>,
    epochs: Mutex<Arc<[EpochStart]>>,
    /// The highest sequence number that is known to be stored.
    newest: AtomicU64,
    floor: Mutex<Floor>,
    clock: Mutex<Clock>,
}

impl Partition {
    /// A partition as the control bucket describes it.
    pub(crate) async fn load(id: PartitionId, link: Arc<Link>) -> Result<Self, LogError> {
        let epochs = Mutex::new(Arc::from(control::epochs(&link, id).await?));
        let floor = Mutex::new(control::floor(&link, id).await?);
        Ok(Self { id, link, epochs, newest: AtomicU64::new(0), floor, clock: Mutex::default() })
    }

    /// Every epoch, oldest first.
    pub(crate) fn epochs(&self) -> Arc<[EpochStart]> {
        Arc::clone(&self.epochs.lock())
    }

    /// The epoch that is written to.
    pub(crate) fn epoch(&self) -> u16 {
        self.epochs().last().map_or(1, |start| start.epoch)
    }

    /// Reads the epochs again, after nobody listened to the one written to. Gives the one that is written to.
    pub(crate) async fn reload_epochs(&self) -> Result<u16, LogError> {
        *self.epochs.lock() = Arc::from(control::epochs(&self.link, self.id).await?);
        Ok(self.epoch())
    }

    /// Notes that entries up to `seq` exist.
    pub(crate) fn saw(&self, seq: u64) {
        self.newest.fetch_max(seq, Relaxed);
    }

    /// The highest sequence number that is known to be stored.
    pub(crate) fn newest(&self) -> u64 {
        self.newest.load(Relaxed)
    }

    /// Entries as some replica has them, from `from` on; they are contiguous, and the first is `from` unless that was
    /// purged.
    async fn fetch(&self, from: u64, count: usize, bytes: usize) -> Result<Vec<Stored>, LogError> {
        let stored = fetch(&self.link, self.id, from, count, bytes).await?;
        match stored.first() {
            Some(first) if first.seq() != from && self.state().await?.first_seq <= from => {
                // The leader still has it, so this replica has holes: it is catching up.
                Ok(Vec::new())
            }
            _ => Ok(stored),
        }
    }

    /// The entries from `from` until before `until`, as far as they were not purged. Waits for replicas that are
    /// behind.
    pub(super) async fn fetch_until(&self, from: u64, until: u64) -> Result<Vec<Stored>, LogError> {
        let mut found: Vec<Stored> = Vec::new();
        let mut next = from;
        let mut give_up = Instant::now() + BEHIND_MAX;
        while next < until {
            let count = usize::try_from(until - next).unwrap_or(usize::MAX);
            let mut more = self.fetch(next, count, BATCH_BYTES_MAX).await?;
            let Some(last) = more.last() else {
                if Instant::now() > give_up {
                    let why = format!("no replica has entry {next} of partition {}", self.id);
                    return Err(LogError::new(LogErrorKind::Unavailable, why));
                }
                tokio::time::sleep(BEHIND_PAUSE).await;
                continue;
            };
            next = last.seq() + 1;
            more.retain(|stored| stored.seq() < until);
            found.append(&mut more);
            give_up = Instant::now() + BEHIND_MAX;
        }
        Ok(found)
    }

    /// See [`loquat_log::Log::read`].
    pub(crate) async fn read(&self, from: u64, limit: ReadLimit) -> Result<Vec<Entry>, LogError> {
        let floor = self.floor.lock().seq;
        let mut entries: Vec<Entry> = Vec::new();
        let mut bytes = 0;
        let mut next = from.max(floor).max(1);
        let give_up = Instant::now() + BEHIND_MAX;
        while entries.len() < limit.entries && (entries.is_empty() || bytes < limit.bytes) {
            if next > self.newest() && next > self.last_seq().await? {
                break;
            }
            let more = self.next_entries(next, limit.entries - entries.len(), limit.bytes - bytes).await?;
            if more.is_empty() {
                if Instant::now() > give_up {
                    let why = format!("no replica has entry {next} of partition {}", self.id);
                    return Err(LogError::new(LogErrorKind::Unavailable, why));
                }
                tokio::time::sleep(BEHIND_PAUSE).await;
            }
            for entry in more {
                next = entry.serial.seq + 1;
                bytes += entry.body.len();
                entries.push(entry);
                if bytes >= limit.bytes {
                    break;
                }
            }
        }
        Ok(entries)
    }

    /// Some entries from `from` on, with their times, as some replica has them. The floor is not looked at.
    pub(crate) async fn next_entries(
        &self,
        from: u64,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, LogError> {
        let count = entries_max.min(BATCH_MESSAGES_MAX);
        let stored = self.fetch(from, count, bytes_max.min(BATCH_BYTES_MAX)).await?;
        if let Some(last) = stored.last() {
            self.saw(last.seq());
        }
        self.timed(stored).await
    }
}
