//! A node: its engines, what its shards share, and its threads.

mod options;
mod recheck;
mod shards;
mod start;

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use loquat_auth::{Authenticator, ConnectionKeySigner};
use loquat_core::Limits;
use loquat_log::Log;
use loquat_store::{History, Projection};
use loquat_telemetry::{Metrics, PublishTraces};
use parking_lot::Mutex;

pub use self::options::{Engines, NodeOptions};
use crate::{
    backlog::Readers,
    clock::Clock,
    consumer::Consumers,
    feed::Feed,
    health::Health,
    housekeeping::Housekeeping,
    occupancy::OccupancyTable,
    presence::Presence,
    registry::Registry,
    shard::{Command, Mailbox},
};

/// A node. See the fields' accessors; [`Node::stop`] ends its threads.
pub struct Node {
    limits: Arc<Limits>,
    engines: Engines,
    clock: Clock,
    feed: Arc<Feed>,
    presence: Presence,
    registry: Registry,
    occupancy: OccupancyTable,
    authenticator: Arc<Authenticator>,
    connection_keys: ConnectionKeySigner,
    metrics: Arc<Metrics>,
    traces: PublishTraces,
    mailboxes: Arc<[Mailbox]>,
    shards: Mutex<Vec<JoinHandle<()>>>,
    consumers: Arc<Consumers>,
    upkeep_every: Duration,
    housekeeping: Housekeeping,
    readers: OnceLock<Readers>,
    next_shard: AtomicUsize,
    feed_before_done: bool,
    health: Health,
    draining: AtomicBool,
}

impl Node {
    /// The bounds.
    pub fn limits(&self) -> &Arc<Limits> {
        &self.limits
    }

    /// The clocks.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Who is who.
    pub fn authenticator(&self) -> &Arc<Authenticator> {
        &self.authenticator
    }

    /// Signs connection keys.
    pub fn connection_keys(&self) -> &ConnectionKeySigner {
        &self.connection_keys
    }

    /// The counters.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Where traces of publishes go.
    pub fn traces(&self) -> &PublishTraces {
        &self.traces
    }

    /// The recent entries.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The members.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// The connections.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The counts of attachments.
    pub fn occupancy(&self) -> &OccupancyTable {
        &self.occupancy
    }

    pub(crate) fn log(&self) -> &dyn Log {
        &*self.engines.log
    }

    pub(crate) fn projection(&self) -> &dyn Projection {
        &*self.engines.projection
    }

    pub(crate) fn history(&self) -> &dyn History {
        &*self.engines.history
    }

    pub(crate) fn upkeep_every(&self) -> Duration {
        self.upkeep_every
    }

    pub(crate) fn consumers(&self) -> &Consumers {
        &self.consumers
    }

    pub(crate) fn housekeeping(&self) -> &Housekeeping {
        &self.housekeeping
    }

    pub(crate) fn readers(&self) -> Option<&Readers> {
        self.readers.get()
    }

    /// What the engines said last.
    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    /// Whether the node can do its work; why not, in a few words.
    ///
    /// # Errors
    /// The reason.
    pub fn readiness(&self) -> Result<(), &'static str> {
        if self.draining.load(Ordering::Relaxed) {
            Err("draining")
        } else if let Some(trouble) = self.health.trouble() {
            Err(trouble)
        } else if self.feed.is_stalled() {
            Err("log stalled")
        } else {
            Ok(())
        }
    }

    /// Tells every client to reconnect, and readiness to say no.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        (0..self.mailboxes.len()).for_each(|shard| self.tell(shard, Command::Drain));
    }

    /// Ends the threads: shards first, then the consumers once they have caught up, then the log. Blocks.
    pub fn stop(&self) {
        (0..self.mailboxes.len()).for_each(|shard| self.tell(shard, Command::Stop));
        for shard in self.shards.lock().drain(..) {
            drop(shard.join());
        }
        self.housekeeping.stop();
        if let Some(readers) = self.readers.get() {
            readers.stop();
        }
        self.consumers.stop();
        self.engines.log.close();
    }
}
