//! The types that cross the seam.

use std::sync::Arc;

use bytes::Bytes;
use loquat_protocol::Serial;

/// What two appends of the same message have in common: 128 bits of a keyed hash over app, channel and message id.
/// Made by the publisher path, compared by the log, never interpreted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DedupeKey(pub [u8; 16]);

/// An entry to append.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewEntry {
    /// Identifies the entry within the idempotency window.
    pub key: DedupeKey,
    /// When it was published, milliseconds since 1970.
    pub time_ms: u64,
    /// The bytes to keep; see `loquat_protocol::entry`.
    pub body: Bytes,
}

/// What a batch counts against the bound of an append queue, in bytes: its bodies and its keeping.
pub fn size_of_batch(batch: &[NewEntry]) -> usize {
    batch.iter().map(|entry| entry.body.len() + size_of::<NewEntry>()).sum::<usize>() + 64
}

/// An entry of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Where it stands.
    pub serial: Serial,
    /// When it was published, milliseconds since 1970; never less than the entry before it in its partition.
    pub time_ms: u64,
    /// The bytes that were appended.
    pub body: Bytes,
}

/// The outcome of appending one entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Appended {
    /// Where the entry stands; for a duplicate, where the first one stands.
    pub serial: Serial,
    /// Its time; for a duplicate, the first one's.
    pub time_ms: u64,
    /// Whether the key was there already.
    pub duplicate: bool,
}

/// Where an epoch begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EpochStart {
    /// The epoch, from 1.
    pub epoch: u16,
    /// The sequence number of its first entry, whether or not that exists yet.
    pub first_seq: u64,
}

/// The state of a partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The newest durable entry, or (current epoch, last sequence number ever given) when nothing is held; sequence
    /// number 0 in a log that was never written.
    pub serial: Serial,
    /// The time of the newest entry, milliseconds since 1970; 0 in a log that was never written.
    pub time_ms: u64,
    /// The sequence number of the oldest entry held; `serial.seq + 1` when nothing is held.
    pub first_seq: u64,
    /// Every epoch, oldest first; never empty.
    pub epochs: Arc<[EpochStart]>,
}

impl Head {
    /// Whether `serial` was given out in the history that led here: entries of an abandoned tail (after a restore
    /// from a backup) were not.
    pub fn descends_from(&self, serial: Serial) -> bool {
        let Some(at) = self.epochs.iter().position(|start| start.epoch == serial.epoch) else { return false };
        let from = self.epochs[at].first_seq;
        let until = self.epochs.get(at + 1).map_or(self.serial.seq + 1, |next| next.first_seq);
        // A position just before the epoch's first entry is one that a client may hold (an empty channel).
        serial.seq + 1 >= from && serial.seq < until.max(from)
    }
}
