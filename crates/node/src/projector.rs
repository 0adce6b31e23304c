//! Carries the log into the store's history, in order, every entry once.

use std::sync::Arc;

use loquat_core::feed::FeedEntry;
use loquat_protocol::PartitionId;
use loquat_store::{Advance, Projection, ProjectionBatch, Row, StoreError};

use crate::consumer::{Consumer, Stretch};

/// The consumer whose outcome is history.
pub struct Projector(pub Arc<dyn Projection>);

impl Consumer for Projector {
    fn name(&self) -> &'static str {
        "history"
    }

    fn wants(&self, entry: &FeedEntry) -> bool {
        !entry.channel.name.as_str().is_empty()
    }

    fn cursor(&self, partition: PartitionId) -> Result<u64, StoreError> {
        self.0.cursor(partition).map(|cursor| cursor.seq)
    }

    fn apply(&self, stretches: &[Stretch]) -> Result<(), StoreError> {
        let advance = |stretch: &Stretch| Advance {
            partition: stretch.partition,
            after_seq: stretch.after_seq,
            to_seq: stretch.to_seq,
        };
        let rows = stretches
            .iter()
            .flat_map(|stretch| stretch.entries.iter().map(|entry| row(stretch.partition, entry)));
        let batch =
            ProjectionBatch { advances: stretches.iter().map(advance).collect(), rows: rows.collect() };
        self.0.apply(&batch)
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.0.sync()
    }

    fn durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError> {
        self.0.cursor(partition).map(|cursor| cursor.durable_seq)
    }
}

/// An entry as history keeps it.
pub(crate) fn row(partition: PartitionId, entry: &FeedEntry) -> Row {
    Row {
        partition,
        channel: entry.channel.clone(),
        kind: entry.kind,
        serial: entry.serial,
        time_ms: entry.time_ms,
        items: loquat_protocol::entry::count_items(entry.payload()),
        body: entry.body.clone(),
    }
}
