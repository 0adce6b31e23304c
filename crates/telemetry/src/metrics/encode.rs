//! Building the catalogue and writing it down.

use std::time::Instant;

use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

use super::process;
use super::{ApiRoute, ChatMetrics, Labelled, Metrics, WordLabel};

/// Content type of [`Metrics::encode`].
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Registers under the prefix and hands the metric back.
pub(super) struct Catalogue(Registry);

impl Catalogue {
    pub(super) fn add<M: Metric + Clone + Default>(&mut self, name: &str, help: &str) -> M {
        self.add_made(name, help, M::default())
    }

    pub(super) fn add_made<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(format!("loquat_{name}"), help, metric.clone());
        metric
    }

    pub(super) fn labelled<L: WordLabel>(&mut self, name: &str, help: &str) -> Labelled<L, Counter> {
        Labelled::new(&self.add::<Family<_, Counter>>(name, help))
    }

    fn seconds(&mut self, name: &str, help: &str) -> Histogram {
        // 100 µs to 6.5 s, doubling.
        self.add_made(name, help, Histogram::new(exponential_buckets(0.000_1, 2.0, 17)))
    }
}

impl Metrics {
    /// A catalogue at zero, with the build's version.
    pub fn new(version: &str) -> Self {
        let mut c = Catalogue(Registry::default());
        let build = Info::new(vec![("version".to_owned(), version.to_owned())]);
        c.0.register("loquat_build", "What is running", build);
        Self {
            started: Instant::now(),
            uptime_seconds: c.add("uptime_seconds", "Seconds since the process started"),
            process: process::Gauges::register(&mut c.0),
            connections_open: c.add("connections_open", "Realtime connections open now"),
            connections_opened: c.add("connections_opened", "Connections that reached CONNECTED"),
            connections_closed: c.labelled("connections_closed", "Connections that ended, by reason"),
            connections_refused: c.labelled("connections_refused", "Connections turned away, by reason"),
            connections_resumed: c
                .add("connections_resumed", "Connections that came back under their own id"),
            frames_in: c.add("frames_in", "Protocol messages read from clients"),
            frames_out: c.add("frames_out", "Protocol messages written to clients"),
            bytes_in: c.add("bytes_in", "Bytes read from client sockets, inside TLS"),
            bytes_out: c.add("bytes_out", "Bytes written to client sockets, inside TLS"),
            messages_published: c.add("messages_published", "Messages accepted for publication"),
            messages_duplicate: c.add("messages_duplicate", "Messages published again with a known id"),
            messages_delivered: c.add("messages_delivered", "Messages handed to subscribers"),
            acks: c.add("acks", "Operations acknowledged"),
            nacks: c.add("nacks", "Operations refused, by error code"),
            append_batch_entries: c.add_made(
                "append_batch_entries",
                "Entries per append to the log",
                Histogram::new(exponential_buckets(1.0, 2.0, 13)),
            ),
            append_seconds: c.seconds("append_seconds", "Seconds from an append's first entry to durable"),
            append_failures: c.add("append_failures", "Appends that the log refused or could not complete"),
            log_head: c.add("log_head", "Newest sequence of each partition"),
            projector_lag: c.add("projector_lag_entries", "Entries not yet in history, by partition"),
            consumer_lag: c.add("consumer_lag_entries", "Entries not yet applied, by consumer of the log"),
            ring_entries: c.add("ring_entries", "Entries in the rings of recent messages"),
            ring_bytes: c.add("ring_bytes", "Bytes in the rings of recent messages"),
            channels_active: c.add("channels_active", "Channels with an attachment or a member"),
            attachments: c.add("attachments", "Attachments of connections to channels"),
            presence_members: c.add("presence_members", "Presence members on this node"),
            slow_readers: c.add("slow_readers", "Readers behind the live stream now"),
            catch_ups: c.labelled("catch_ups", "Attachments that read old messages, by source"),
            readers_cut_off: c.add("readers_cut_off", "Connections told to reconnect, too far behind"),
            rate_limited: c.labelled("rate_limited", "Operations refused for coming too fast or too often"),
            http_requests: c.add("http_requests", "Requests answered, by status"),
            http_seconds: c.seconds("http_seconds", "Seconds from a request's head to its response's head"),
            chat: ChatMetrics::register(&mut c),
            law_violations: c.labelled("law_violations", "Broken promises; above zero is a defect to report"),
            disk_full: c.add("disk_full", "1 while publishes are refused because the disk is full"),
            ready: c.add("ready", "1 while the node is ready to serve"),
            registry: c.0,
        }
    }

    /// Content type of what [`Metrics::encode`] returns.
    pub const fn content_type() -> &'static str {
        CONTENT_TYPE
    }

    /// The whole catalogue as OpenMetrics text. Takes well under a millisecond; not for the hot path.
    pub fn encode(&self) -> String {
        let uptime = i64::try_from(self.started.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.uptime_seconds.set(uptime);
        self.process.refresh();
        let mut out = String::with_capacity(16 * 1024);
        text::encode(&mut out, &self.registry).expect("writing to a string can't fail");
        out
    }

    /// Name, kind and help of every metric, for the reference page.
    pub fn reference() -> Vec<(String, String, String)> {
        let text = Self::with_every_family().encode();
        let comments = |kind: &'static str| {
            text.lines().filter_map(move |line| {
                line.strip_prefix("# ")?.strip_prefix(kind)?.trim_start().split_once(' ')
            })
        };
        let types: Vec<_> = comments("TYPE").collect();
        let kind = |name: &str| types.iter().find(|(typed, _)| *typed == name).map_or("", |(_, kind)| *kind);
        comments("HELP")
            .map(|(name, help)| {
                (name.to_owned(), kind(name).to_owned(), help.trim_end_matches('.').to_owned())
            })
            .collect()
    }

    /// Families without a member are left out of the text; give each one.
    fn with_every_family() -> Self {
        let metrics = Self::new("");
        metrics.nack(0);
        metrics.http_request(0);
        metrics.log_head(0);
        metrics.projector_lag(0);
        metrics.consumer_lag("history");
        metrics.chat.answered(ApiRoute::Other, 0, 0.0);
        metrics
    }
}
