//! The catalogue of metrics.

mod chat;
mod encode;
mod labels;
mod process;
mod words;

use std::time::Instant;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

pub use chat::ChatMetrics;
pub use labels::{Labelled, WordLabel};
pub use words::{ApiRoute, CatchUp, ChatLimit, CloseReason, Law, RateLimit, RefusedReason, SignIn};

use labels::{Code, Consumer, Partition, Status};

/// Everything a node counts. One value per process, shared by `Arc`; fields are counted on directly.
///
/// Counters and gauges are single atomics: add once per batch or loop turn rather than per message where
/// the number is at hand. Label values are closed enums resolved at start, except the error code and the
/// HTTP status, which come from small fixed tables.
pub struct Metrics {
    registry: Registry,
    started: Instant,
    uptime_seconds: Gauge,
    process: process::Gauges,

    /// Realtime connections open now.
    pub connections_open: Gauge,
    /// Connections that reached CONNECTED.
    pub connections_opened: Counter,
    /// Connections that ended, by reason.
    pub connections_closed: Labelled<CloseReason, Counter>,
    /// Connections turned away before CONNECTED, by reason.
    pub connections_refused: Labelled<RefusedReason, Counter>,
    /// Connections that came back under their own id.
    pub connections_resumed: Counter,

    /// Protocol messages read from clients.
    pub frames_in: Counter,
    /// Protocol messages written to clients.
    pub frames_out: Counter,
    /// Bytes read from client sockets, inside TLS.
    pub bytes_in: Counter,
    /// Bytes written to client sockets, inside TLS.
    pub bytes_out: Counter,

    /// Messages accepted for publication.
    pub messages_published: Counter,
    /// Messages that were published again with a known id, and stored once.
    pub messages_duplicate: Counter,
    /// Messages handed to subscribers; one per message and connection.
    pub messages_delivered: Counter,
    /// Operations acknowledged.
    pub acks: Counter,
    nacks: Family<Code, Counter>,

    /// Entries per append to the log.
    pub append_batch_entries: Histogram,
    /// Seconds from an append's first entry to durable.
    pub append_seconds: Histogram,
    /// Appends that the log refused or could not complete.
    pub append_failures: Counter,
    log_head: Family<Partition, Gauge>,
    projector_lag: Family<Partition, Gauge>,
    consumer_lag: Family<Consumer, Gauge>,

    /// Entries in the rings of recent messages.
    pub ring_entries: Gauge,
    /// Bytes in the rings of recent messages.
    pub ring_bytes: Gauge,
    /// Channels with at least one attachment or member.
    pub channels_active: Gauge,
    /// Attachments of connections to channels.
    pub attachments: Gauge,
    /// Presence members on this node.
    pub presence_members: Gauge,

    /// Readers behind the live stream now.
    pub slow_readers: Gauge,
    /// Attachments that read old messages to catch up, by where they found them.
    pub catch_ups: Labelled<CatchUp, Counter>,
    /// Connections told to reconnect because they were too far behind.
    pub readers_cut_off: Counter,
    /// What was refused for coming too fast or too often.
    pub rate_limited: Labelled<RateLimit, Counter>,

    http_requests: Family<Status, Counter>,
    /// Seconds from a request's head to its response's head.
    pub http_seconds: Histogram,

    /// What the chat product counts.
    pub chat: ChatMetrics,

    /// Broken promises; any value above zero is a defect to report.
    pub law_violations: Labelled<Law, Counter>,
    /// 1 while publishes are refused because the disk is full.
    pub disk_full: Gauge,
    /// 1 while the node is ready to serve.
    pub ready: Gauge,
}

impl Metrics {
    /// An error code went out in a NACK or an ERROR.
    pub fn nack(&self, code: u32) {
        self.nacks.get_or_create(&Code { code }).inc();
    }

    /// A request was answered.
    pub fn http_request(&self, status: u16) {
        self.http_requests.get_or_create(&Status { status }).inc();
    }

    /// The gauge of a partition's newest sequence; take it once and keep it.
    pub fn log_head(&self, partition: u32) -> Gauge {
        self.log_head.get_or_create(&Partition { partition }).clone()
    }

    /// The gauge of the entries that the projector has yet to store; take it once and keep it.
    pub fn projector_lag(&self, partition: u32) -> Gauge {
        self.projector_lag.get_or_create(&Partition { partition }).clone()
    }

    /// The gauge of the entries that a consumer of the log has yet to apply.
    pub fn consumer_lag(&self, consumer: &'static str) -> Gauge {
        self.consumer_lag.get_or_create(&Consumer { consumer }).clone()
    }

    /// A promise was broken: counts it and says so in the log.
    pub fn law_broken(&self, law: Law, what: &str) {
        self.law_violations.of(law).inc();
        tracing::error!(law = law.word(), what, "a law was broken; please report this");
    }
}
