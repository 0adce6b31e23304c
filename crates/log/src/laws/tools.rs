//! What the laws are written with.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use bytes::Bytes;
use loquat_protocol::PartitionId;
use parking_lot::{Condvar, Mutex};

use super::LogFixture;
use crate::{Appended, DedupeKey, Entry, FeedSink, Log, LogError, NewEntry, ReadLimit};

/// When the entries of the laws begin, milliseconds since 1970.
pub(super) const T0: u64 = 1_700_000_000_000;
pub(super) const ANY: ReadLimit = ReadLimit { entries: usize::MAX, bytes: usize::MAX };
pub(super) const P0: PartitionId = PartitionId(0);
pub(super) const P1: PartitionId = PartitionId(1);

/// An entry whose key and body follow from a number, published that many milliseconds after the beginning.
pub fn new_entry(number: u64) -> NewEntry {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    key[8..].copy_from_slice(&number.to_be_bytes());
    NewEntry { key: DedupeKey(key), time_ms: T0 + number, body: Bytes::from(format!("body {number}")) }
}

pub(super) fn new_entries(numbers: impl IntoIterator<Item = u64>) -> Vec<NewEntry> {
    numbers.into_iter().map(new_entry).collect()
}

/// The bodies of entries made by [`new_entry`], as their numbers.
pub(super) fn numbers(entries: &[Entry]) -> Vec<u64> {
    let number = |entry: &Entry| {
        let text = std::str::from_utf8(&entry.body).ok()?;
        text.strip_prefix("body ")?.parse().ok()
    };
    entries.iter().map(|entry| number(entry).expect("a body of ours")).collect()
}

pub(super) fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.serial.seq).collect()
}

/// Appends once and waits for the outcome.
///
/// # Panics
/// When there is none within the fixture's patience.
pub fn append_now(
    fixture: &dyn LogFixture,
    log: &Arc<dyn Log>,
    partition: PartitionId,
    batch: Vec<NewEntry>,
) -> Result<Vec<Appended>, LogError> {
    let (tell, outcome) = mpsc::sync_channel(1);
    let done = Box::new(move |outcome| {
        let _ = tell.send(outcome);
    });
    log.append(partition, batch, done);
    outcome.recv_timeout(fixture.patience()).expect("an append is done")
}

/// Appends, again with the same keys while that can help, and gives the outcome and whether it took more than one try.
///
/// # Panics
/// When it fails for good.
pub(super) fn append_until(
    fixture: &dyn LogFixture,
    log: &Arc<dyn Log>,
    partition: PartitionId,
    batch: &[NewEntry],
) -> (Vec<Appended>, bool) {
    let deadline = Instant::now() + fixture.patience();
    let mut retried = false;
    loop {
        match append_now(fixture, log, partition, batch.to_vec()) {
            Ok(appended) => return (appended, retried),
            Err(error) if error.kind.is_retryable() && Instant::now() < deadline => {
                retried = true;
                std::thread::park_timeout(Duration::from_millis(20));
            }
            Err(error) => panic!("an append failed: {error:?}"),
        }
    }
}

/// As [`append_now`], repeated while that can help.
///
/// # Panics
/// When it fails for good.
pub fn append(
    fixture: &dyn LogFixture,
    log: &Arc<dyn Log>,
    partition: PartitionId,
    batch: Vec<NewEntry>,
) -> Vec<Appended> {
    append_until(fixture, log, partition, &batch).0
}

/// Appends without waiting; the receiver gets the outcome.
pub(super) fn append_later(
    log: &Arc<dyn Log>,
    partition: PartitionId,
    batch: Vec<NewEntry>,
) -> mpsc::Receiver<Result<Vec<Appended>, LogError>> {
    let (tell, outcome) = mpsc::sync_channel(1);
    let done = Box::new(move |outcome| {
        let _ = tell.send(outcome);
    });
    log.append(partition, batch, done);
    outcome
}

pub(super) fn read_all(log: &Arc<dyn Log>, partition: PartitionId, from: u64) -> Vec<Entry> {
    log.read(partition, from, ANY).expect("the log can be read")
}

/// A follower that keeps everything, and checks on the way that nothing is missing, doubled or concurrent.
pub struct Collector {
    partition: PartitionId,
    seen: Mutex<Seen>,
    changed: Condvar,
}

struct Seen {
    after: u64,
    entries: Vec<Entry>,
}

impl Collector {
    /// A follower of the entries after `after`.
    pub fn new(partition: PartitionId, after: u64) -> Arc<Self> {
        let seen = Mutex::new(Seen { after, entries: Vec::new() });
        Arc::new(Self { partition, seen, changed: Condvar::new() })
    }

    /// Follows `log` from `after`.
    ///
    /// # Panics
    /// When that is refused.
    pub fn follow(log: &Arc<dyn Log>, partition: PartitionId, after: u64) -> Arc<Self> {
        let collector = Self::new(partition, after);
        log.follow(partition, after, collector.clone()).expect("the partition can be followed");
        collector
    }

    /// Where it began.
    pub fn after(&self) -> u64 {
        self.seen.lock().after
    }

    /// Everything so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.seen.lock().entries.clone()
    }

    /// Waits until `seq` was given, and gives everything so far.
    ///
    /// # Panics
    /// When it isn't given within `patience`.
    pub fn wait_for(&self, seq: u64, patience: Duration) -> Vec<Entry> {
        let deadline = Instant::now() + patience;
        let mut seen = self.seen.lock();
        while seen.entries.last().map_or(seen.after, |entry| entry.serial.seq) < seq {
            let late = self.changed.wait_until(&mut seen, deadline).timed_out();
            assert!(!late, "partition {} was given nothing up to {seq}", self.partition);
        }
        seen.entries.clone()
    }
}

impl FeedSink for Collector {
    fn entries(&self, partition: PartitionId, entries: Vec<Entry>) {
        assert_eq!(partition, self.partition);
        let mut seen = self.seen.try_lock_for(Duration::from_secs(5)).expect("one call at a time");
        for entry in entries {
            let last = seen.entries.last().map_or(seen.after, |entry| entry.serial.seq);
            assert_eq!(entry.serial.seq, last + 1, "a follower is given every entry once and in order");
            seen.entries.push(entry);
        }
        drop(seen);
        self.changed.notify_all();
    }

    fn stalled(&self, _: PartitionId, _: bool) {}
}
