//! What a partition holds.

use std::{collections::HashMap, sync::Arc};

use loquat_protocol::Serial;

use crate::{Appended, DedupeKey, Entry, EpochStart, Head, NewEntry, ReadLimit};

/// One partition: everything that would be on a disk.
#[derive(Clone)]
pub(super) struct Partition {
    entries: Vec<Entry>,
    first_seq: u64,
    head_seq: u64,
    time_ms: u64,
    epochs: Vec<EpochStart>,
    /// The newest entry with each key ever seen: the oracle forgets nothing and looks at the time instead.
    ids: HashMap<DedupeKey, (Serial, u64)>,
}

impl Default for Partition {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            first_seq: 1,
            head_seq: 0,
            time_ms: 0,
            epochs: vec![EpochStart { epoch: 1, first_seq: 1 }],
            ids: HashMap::new(),
        }
    }
}

impl Partition {
    fn epoch(&self) -> u16 {
        self.epochs.last().map_or(1, |start| start.epoch)
    }

    /// Stores one entry, unless its key was stored at most `window_ms` before. The entry is returned if stored.
    pub(super) fn append(&mut self, new: NewEntry, window_ms: u64) -> (Appended, Option<Entry>) {
        let time_ms = new.time_ms.max(self.time_ms);
        if let Some(&(serial, first_ms)) = self.ids.get(&new.key)
            && time_ms - first_ms <= window_ms
        {
            return (Appended { serial, time_ms: first_ms, duplicate: true }, None);
        }
        self.head_seq += 1;
        self.time_ms = time_ms;
        let serial = Serial::new(self.epoch(), self.head_seq);
        self.ids.insert(new.key, (serial, time_ms));
        let entry = Entry { serial, time_ms, body: new.body };
        self.entries.push(entry.clone());
        (Appended { serial, time_ms, duplicate: false }, Some(entry))
    }

    pub(super) fn read(&self, from: u64, limit: ReadLimit) -> Vec<Entry> {
        let skipped = from.saturating_sub(self.first_seq).min(self.entries.len() as u64) as usize;
        let mut bytes = 0;
        let mut read = Vec::new();
        for entry in self.entries[skipped..].iter().take(limit.entries) {
            bytes += entry.body.len();
            read.push(entry.clone());
            if bytes >= limit.bytes {
                break;
            }
        }
        read
    }

    pub(super) fn head(&self) -> Head {
        Head {
            serial: Serial::new(self.epoch_of_head(), self.head_seq),
            time_ms: self.time_ms,
            first_seq: self.first_seq,
            epochs: Arc::from(self.epochs.as_slice()),
        }
    }

    /// The newest entry's own epoch, or the current one when there is none.
    fn epoch_of_head(&self) -> u16 {
        self.entries.last().map_or(self.epoch(), |entry| entry.serial.epoch)
    }

    pub(super) fn truncate(&mut self, below: u64) {
        let below = below.clamp(self.first_seq, self.head_seq + 1);
        self.entries.drain(..(below - self.first_seq) as usize);
        self.first_seq = below;
    }

    pub(super) fn raise_epoch(&mut self) {
        self.epochs.push(EpochStart { epoch: self.epoch() + 1, first_seq: self.head_seq + 1 });
    }
}
