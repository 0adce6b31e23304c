//! A consumer that keeps what it was given, as a store of its own would.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use loquat_core::feed::FeedEntry;
use loquat_node::{Consumer, Stretch};
use loquat_protocol::PartitionId;
use loquat_store::{StoreError, StoreErrorKind};
use parking_lot::Mutex;

use super::client::texts_of;

/// What is applied: cursors and texts by partition.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Applied {
    pub cursors: BTreeMap<u16, u64>,
    pub texts: BTreeMap<u16, Vec<String>>,
}

#[derive(Default)]
pub struct Recorder {
    pub applied: Mutex<Applied>,
    pub durable: Mutex<Applied>,
    /// Nothing is applied or made durable while it is set.
    pub stuck: AtomicBool,
    /// So many times it fails with this.
    pub failures: Mutex<Vec<StoreErrorKind>>,
    pub batches: AtomicUsize,
}

impl Recorder {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// One that has applied partition 0 up to here.
    pub fn at(seq: u64) -> Arc<Self> {
        let recorder = Self::new();
        recorder.applied.lock().cursors.insert(0, seq);
        *recorder.durable.lock() = recorder.applied.lock().clone();
        recorder
    }

    /// What is left after a power loss.
    pub fn after_power_loss(&self) -> Arc<Self> {
        let recorder = Self::new();
        *recorder.applied.lock() = self.durable.lock().clone();
        *recorder.durable.lock() = self.durable.lock().clone();
        recorder
    }

    /// Every text, partition by partition.
    pub fn texts(&self) -> Vec<String> {
        self.applied.lock().texts.values().flatten().cloned().collect()
    }

    pub fn cursor_of(&self, partition: u16) -> u64 {
        self.applied.lock().cursors.get(&partition).copied().unwrap_or(0)
    }
}

impl Consumer for Recorder {
    fn name(&self) -> &'static str {
        "recorder"
    }

    fn wants(&self, entry: &FeedEntry) -> bool {
        !entry.channel.name.as_str().starts_with("other")
    }

    fn cursor(&self, partition: PartitionId) -> Result<u64, StoreError> {
        Ok(self.cursor_of(partition.0))
    }

    fn apply(&self, stretches: &[Stretch]) -> Result<(), StoreError> {
        if let Some(kind) = self.failures.lock().pop() {
            return Err(StoreError::new(kind, "as planned"));
        }
        if self.stuck.load(SeqCst) {
            return Err(StoreError::new(StoreErrorKind::Unavailable, "stuck"));
        }
        let mut applied = self.applied.lock();
        for stretch in stretches {
            let partition = stretch.partition.0;
            assert_eq!(stretch.after_seq, applied.cursors.get(&partition).copied().unwrap_or(0));
            let within =
                |entry: &Arc<FeedEntry>| (stretch.after_seq + 1..=stretch.to_seq).contains(&entry.serial.seq);
            assert!(
                stretch.entries.iter().all(within) && stretch.entries.is_sorted_by_key(|entry| entry.serial)
            );
            applied.cursors.insert(partition, stretch.to_seq);
            let texts = stretch
                .entries
                .iter()
                .flat_map(|entry| texts_of(&loquat_core::render::message(entry, &entry.messages(), 0)));
            applied.texts.entry(partition).or_default().extend(texts);
        }
        self.batches.fetch_add(1, SeqCst);
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        if self.stuck.load(SeqCst) {
            return Err(StoreError::new(StoreErrorKind::Unavailable, "stuck"));
        }
        *self.durable.lock() = self.applied.lock().clone();
        Ok(())
    }

    fn durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError> {
        Ok(self.durable.lock().cursors.get(&partition.0).copied().unwrap_or(0))
    }
}
