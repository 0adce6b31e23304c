//! A node: its engines, what its shards share, and its threads.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use loquat_auth::{Authenticator, ConnectionKeySigner};
use loquat_core::{Changed, Limits, channel::EphemeralMessage, feed::RingLimits};
use loquat_log::{FeedSink, Log, LogError};
use loquat_protocol::{ClientId, ErrorInfo};
use loquat_store::{History, Projection};
use loquat_telemetry::{Metrics, PublishTraces};
use parking_lot::Mutex;

use crate::{
    backlog::Readers,
    clock::{Clock, wall_ms},
    consumer::Consumers,
    feed::Feed,
    health::Health,
    housekeeping::Housekeeping,
    occupancy::OccupancyTable,
    presence::Presence,
    projector::Projector,
    registry::Registry,
    retention::RetentionTimes,
    shard::{Adopted, Command, Mailbox, ShardThread},
};

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
    ) -> std::io::Result<Arc<Self>> {
        let limits = Arc::new(Limits { partitions: engines.log.partitions(), ..options.limits });
        let partitions = (0..engines.log.partitions()).map(loquat_protocol::PartitionId);
        let heads: Vec<_> = partitions
            .clone()
            .map(|p| engines.log.head(p))
            .collect::<Result<_, _>>()
            .map_err(std::io::Error::other)?;
        let serials: Vec<_> = heads.iter().map(|head| head.serial).collect();
        let afters: Vec<_> = serials.iter().map(|serial| serial.seq).collect();
        let members = crate::restore::members(&engines).map_err(std::io::Error::other)?;
        let feed = Arc::new(Feed::new(heads, options.ring, Arc::clone(&metrics)));
        let threads: Vec<_> = (0..options.shards.max(1)).map(ShardThread::new).collect::<Result<_, _>>()?;
        let mailboxes: Arc<[Mailbox]> = threads.iter().map(ShardThread::mailbox).collect::<Vec<_>>().into();
        let told = Arc::clone(&mailboxes);
        let presence = Presence::new(
            limits.members_per_channel_max,
            limits.members_per_connection_max,
            Box::new(move |changes| told.iter().for_each(|mailbox| mailbox.presence(Arc::clone(changes)))),
        );
        let clock = Clock::start();
        let node = Arc::new(Self {
            feed_before_done: engines.log.guarantees().feed_before_done,
            registry: Registry::new(limits.connection_state_ttl_ms, wall_ms()),
            limits,
            engines,
            clock,
            feed,
            presence,
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
        let (woken, consumers) = (Arc::clone(&node.mailboxes), Arc::clone(&node.consumers));
        node.feed.on_entries(Box::new(move || {
            woken.iter().for_each(Mailbox::wake);
            consumers.wake();
        }));
        for (partition, after) in partitions.zip(afters) {
            let sink: Arc<dyn FeedSink> = Arc::clone(&node.feed) as _;
            node.engines.log.follow(partition, after, sink).map_err(std::io::Error::other)?;
        }
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

    /// Hands a connection over to a shard.
    pub fn adopt(&self, adopted: Adopted) {
        let shard = self.next_shard.fetch_add(1, Ordering::Relaxed) % self.mailboxes.len();
        self.tell(shard, Command::Adopt(Box::new(adopted)));
    }

    /// Gives a command to a shard.
    pub(crate) fn tell(&self, shard: usize, command: Command) {
        self.mailboxes[shard].push(command);
    }

    /// Gives a shard the outcome of appends. `fed`: entries came of them, with which the log wakes every shard anyway, after
    /// this where it promises that order.
    pub(crate) fn tell_appended(&self, shard: usize, command: Command, fed: bool) {
        if fed && self.feed_before_done {
            self.mailboxes[shard].leave(command);
        } else {
            self.mailboxes[shard].push(command);
        }
    }

    /// Gives an ephemeral message to every shard.
    pub fn broadcast(&self, message: &Arc<EphemeralMessage>) {
        self.mailboxes.iter().for_each(|mailbox| mailbox.ephemeral(Arc::clone(message)));
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

    /// The rights of a person's or client's connections have changed, or (`None`) perhaps everybody's: sessions that have
    /// ended, attachments and members that are no longer permitted end now. Nothing that is published or told after this
    /// call is delivered by rights that were lost before it (SEC-1). Quick; many calls at once cost one look.
    pub fn rights_changed(&self, client: Option<ClientId>) {
        self.mailboxes.iter().for_each(|mailbox| mailbox.rights_changed(client.clone()));
        let mut changed = Changed::default();
        changed.add(client);
        self.check_absences(&changed);
    }

    /// Ends every connection of principals that are no longer valid, now rather than at the next tick (SEC-1).
    pub fn recheck_rights(&self) {
        (0..self.mailboxes.len()).for_each(|shard| self.tell(shard, Command::Tick));
        self.check_absences(&Changed::Everybody);
    }

    /// Members who are present without a connection, for as long as it may come back, leave where they may not be.
    fn check_absences(&self, changed: &Changed) {
        for connection in self.presence().absent(changed) {
            self.check_absent(&connection, changed);
        }
    }

    /// The same for one connection. One that is back is looked at by its shard.
    pub(crate) fn check_absent(&self, connection: &str, changed: &Changed) {
        let now = self.clock().now();
        let leave = || self.presence().leave_forbidden(connection, changed, now.wall_ms);
        if let Some(changes) = self.registry().unless_live(connection, leave) {
            self.keep_presence(&changes);
        }
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

    /// A log error for a client whose publish was refused.
    pub(crate) fn refused(&self, error: &LogError) -> ErrorInfo {
        crate::publish::log_error(error)
    }
}
