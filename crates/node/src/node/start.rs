//! How a node starts: what it shares first, then the log that fills it, then the threads that use it.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize},
    },
    time::Duration,
};

use loquat_auth::{Authenticator, ConnectionKeySigner};
use loquat_core::Limits;
use loquat_log::{FeedSink, Head};
use loquat_protocol::{PartitionId, Serial};
use loquat_telemetry::Metrics;
use parking_lot::Mutex;

use super::{Engines, Node, NodeOptions};
use crate::{
    backlog::Readers,
    clock::{Clock, wall_ms},
    feed::Feed,
    health::Health,
    housekeeping::Housekeeping,
    occupancy::OccupancyTable,
    presence::Presence,
    projector::Projector,
    registry::Registry,
    retention::RetentionTimes,
    shard::{Mailbox, ShardThread},
};

impl Node {
    /// Starts a node: follows the log from its head, and runs the shards and the projector.
    ///
    /// # Errors
    /// When the log cannot be read or the system gives no threads.
    pub fn start(
        options: NodeOptions,
        engines: Engines,
        authenticator: Arc<Authenticator>,
        connection_keys: ConnectionKeySigner,
        metrics: Arc<Metrics>,
    ) -> io::Result<Arc<Self>> {
        let limits = Arc::new(Limits { partitions: engines.log.partitions(), ..options.limits });
        let heads = heads(&engines)?;
        let serials: Vec<_> = heads.iter().map(|head| head.serial).collect();
        let members = crate::restore::members(&engines).map_err(io::Error::other)?;
        let threads: Vec<_> = (0..options.shards.max(1)).map(ShardThread::new).collect::<Result<_, _>>()?;
        let mailboxes: Arc<[Mailbox]> = threads.iter().map(ShardThread::mailbox).collect::<Vec<_>>().into();
        let node = Arc::new(Self {
            feed_before_done: engines.log.guarantees().feed_before_done,
            registry: Registry::new(limits.connection_state_ttl_ms, wall_ms()),
            presence: presence(&limits, &mailboxes),
            limits,
            engines,
            clock: Clock::start(),
            feed: Arc::new(Feed::new(heads, options.ring, Arc::clone(&metrics))),
            occupancy: OccupancyTable::default(),
            authenticator,
            connection_keys,
            metrics,
            traces: options.traces,
            mailboxes,
            shards: Mutex::default(),
            consumers: Arc::default(),
            upkeep_every: Duration::from_millis(options.upkeep_every_ms),
            housekeeping: Housekeeping::default(),
            readers: OnceLock::new(),
            next_shard: AtomicUsize::new(0),
            health: Health::default(),
            draining: AtomicBool::new(false),
        });
        node.restore_members(members);
        drop(node.readers.set(Readers::start(&node, options.readers.max(1))?));
        node.follow_log(&serials)?;
        for thread in threads {
            let running = thread.run(Arc::clone(&node), serials.clone())?;
            node.shards.lock().push(running);
        }
        let times =
            RetentionTimes { realtime_ms: Some(options.retention_ms), rooms_ms: options.rooms_retention_ms };
        node.project(Arc::new(Projector(Arc::clone(&node.engines.projection))), times)?;
        node.housekeeping.start(&node)?;
        Ok(node)
    }

    /// Has the log fill the rings from after these serials, and wake whoever reads them.
    fn follow_log(&self, serials: &[Serial]) -> io::Result<()> {
        let (woken, consumers) = (Arc::clone(&self.mailboxes), Arc::clone(&self.consumers));
        self.feed.on_entries(Box::new(move || {
            woken.iter().for_each(Mailbox::wake);
            consumers.wake();
        }));
        for (partition, serial) in self.feed.partitions().zip(serials) {
            let sink: Arc<dyn FeedSink> = Arc::clone(&self.feed) as _;
            self.engines.log.follow(partition, serial.seq, sink).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

/// Where the log stands, by partition.
fn heads(engines: &Engines) -> io::Result<Vec<Head>> {
    let head = |partition| engines.log.head(PartitionId(partition)).map_err(io::Error::other);
    (0..engines.log.partitions()).map(head).collect()
}

/// A member table without members, whose changes are told to every shard.
fn presence(limits: &Limits, mailboxes: &Arc<[Mailbox]>) -> Presence {
    let told = Arc::clone(mailboxes);
    Presence::new(
        limits,
        Box::new(move |changes| told.iter().for_each(|mailbox| mailbox.presence(Arc::clone(changes)))),
    )
}
