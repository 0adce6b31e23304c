//! The counting of rooms, as a consumer of the node's log.

use loquat_chat::{
    RoomProjector,
    projector::{self, entry::LogEntry},
};
use loquat_core::feed::FeedEntry;
use loquat_node::{Consumer, Stretch};
use loquat_protocol::PartitionId;
use loquat_store::StoreError;

/// Hands the log's entries over.
pub struct Rooms(pub RoomProjector);

impl Consumer for Rooms {
    fn name(&self) -> &'static str {
        RoomProjector::NAME
    }

    fn wants(&self, entry: &FeedEntry) -> bool {
        self.0.wants(&entry.channel, entry.kind)
    }

    fn cursor(&self, partition: PartitionId) -> Result<u64, StoreError> {
        self.0.cursor(partition)
    }

    fn apply(&self, stretches: &[Stretch]) -> Result<(), StoreError> {
        self.0.apply(&stretches.iter().map(stretch).collect::<Vec<_>>())
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.0.sync()
    }

    fn durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError> {
        self.0.durable_seq(partition)
    }
}

fn stretch(stretch: &Stretch) -> projector::Stretch<'_> {
    let Stretch { partition, after_seq, to_seq, ref entries } = *stretch;
    projector::Stretch {
        partition,
        after_seq,
        to_seq,
        entries: entries.iter().map(|entry| log_entry(entry)).collect(),
    }
}

fn log_entry(entry: &FeedEntry) -> LogEntry<'_> {
    LogEntry {
        channel: entry.channel.name.as_str(),
        serial: entry.serial,
        time_ms: entry.time_ms,
        payload: entry.payload(),
    }
}
