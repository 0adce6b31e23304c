//! What a node is made of.

use std::sync::Arc;

use loquat_core::{Limits, feed::RingLimits};
use loquat_log::Log;
use loquat_store::{History, Projection};
use loquat_telemetry::PublishTraces;

/// The engines behind the seams.
#[derive(Clone)]
pub struct Engines {
    /// The log.
    pub log: Arc<dyn Log>,
    /// What the projector writes.
    pub projection: Arc<dyn Projection>,
    /// What history reads.
    pub history: Arc<dyn History>,
}

/// How a node is made.
#[derive(Clone)]
pub struct NodeOptions {
    /// The bounds of connections and channels.
    pub limits: Limits,
    /// How many shards.
    pub shards: usize,
    /// The bounds of a partition's ring.
    pub ring: RingLimits,
    /// How long history is kept on channels that are no rooms, milliseconds.
    pub retention_ms: u64,
    /// How long it is kept in rooms, milliseconds; `None` for ever.
    pub rooms_retention_ms: Option<u64>,
    /// How often what consumers have applied is made durable, and what is too old is removed, milliseconds.
    pub upkeep_every_ms: u64,
    /// Threads for reads that a shard must not wait for.
    pub readers: usize,
    /// Where traces of publishes go.
    pub traces: PublishTraces,
}
