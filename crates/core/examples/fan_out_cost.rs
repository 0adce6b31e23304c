//! What one delivery costs inside the core, without sockets: 1,000 subscribers of a channel, one and many entries a
//! turn, and the parts that come before. Run with `cargo run --release -p loquat-core --example fan_out_cost`.

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::{hint::black_box, sync::Arc, time::Instant};

use bytes::Bytes;
use loquat_core::{
    Identity, Limits, Now, Rights, Shard, World,
    connection::Opening,
    feed::{FeedEntry, Ring, RingLimits},
    presence::Members,
    world::{Continuity, Recent},
};
use loquat_protocol::{
    AppId, ChannelId, ChannelName, ConnectionId, Data, ErrorInfo, Format, Message, Operations, PartitionId,
    Serial,
    entry::{MessagesPayload, encode_messages},
};

const SUBSCRIBERS: usize = 1_000;
const PAYLOAD_BYTES: usize = 128;

#[derive(Debug)]
struct Everything(AppId);

impl Rights for Everything {
    fn app(&self) -> &AppId {
        &self.0
    }

    fn operations(&self, _channel: &str) -> Operations {
        Operations::ALL
    }

    fn identity(&self) -> &Identity {
        &Identity::Any
    }

    fn revoked(&self, _now_ms: u64) -> Option<ErrorInfo> {
        None
    }

    fn expires_ms(&self) -> Option<u64> {
        None
    }
}

/// A ring and nobody present.
struct Node(Ring);

impl World for Node {
    fn members(&self, _channel: &ChannelId) -> Members {
        Members::default()
    }

    fn recent(
        &self,
        channel: &ChannelId,
        _partition: PartitionId,
        after: u64,
        until: u64,
        newest: usize,
    ) -> Recent {
        self.0.channel(channel, after, until, newest).map_or(Recent::Evicted, Recent::Held)
    }

    fn continuity(&self, _: &ChannelId, _: PartitionId, _: Serial) -> Continuity {
        Continuity::Kept
    }
}

struct Bench {
    shard: Shard,
    node: Node,
    now: Now,
    channel: ChannelId,
    seq: u64,
    writes: Vec<(u32, Bytes)>,
}

impl Bench {
    /// A shard whose subscribers are attached; `formats` are used in turn.
    fn new(formats: &[Format], echo: bool) -> Self {
        let limits = Arc::new(Limits { partitions: 1, ..Limits::default() });
        let start = Serial::new(1, 0);
        let ring = Ring::new(start, RingLimits { bytes_max: usize::MAX, age_ms_max: u64::MAX });
        let app = AppId::from_trusted("app");
        let channel = ChannelId::new(app.clone(), ChannelName::from_trusted("bench"));
        let (shard, now) = (Shard::new(limits, vec![start]), Now { mono_ms: 1, wall_ms: 1 });
        let mut bench = Self { shard, node: Node(ring), now, channel, seq: 0, writes: Vec::new() };
        let rights: Arc<dyn Rights> = Arc::new(Everything(app));
        for n in 0..SUBSCRIBERS {
            let format = formats[n % formats.len()];
            let opening = Opening {
                id: ConnectionId::from_trusted(&format!("subscriber-{n:05}")),
                key: "key".to_owned(),
                error: None,
                rights: Arc::clone(&rights),
                format,
                echo,
                heartbeats: false,
                idle_interval_ms: None,
                grace_ms: 0,
            };
            let slot = bench.shard.open(bench.now, opening);
            let attach = br#"{"action":10,"channel":"bench"}"#;
            bench.shard.frame(bench.now, &bench.node, slot, Format::Json, attach);
        }
        bench.shard.take_writes(&mut bench.writes);
        bench.writes.clear();
        bench
    }

    fn entries(&mut self, count: usize) -> Vec<Arc<FeedEntry>> {
        let data = Data::Text("x".repeat(PAYLOAD_BYTES));
        let payload = MessagesPayload {
            connection_id: Some("publisher".to_owned()),
            id: Some("publisher:0".to_owned()),
            messages: vec![Message { data, ..Message::default() }],
        };
        let body = encode_messages(&self.channel, &payload);
        let next = |_| {
            self.seq += 1;
            self.node.0.push(FeedEntry::new(Serial::new(1, self.seq), 1, body.clone()));
            self.node.0.get(self.seq).map(Arc::clone)
        };
        (0..count).filter_map(next).collect()
    }

    /// Nanoseconds per delivery of turns that carry so many entries each, the best of several runs; encoding included.
    fn fan_out(&mut self, entries_per_turn: usize, turns: usize) -> f64 {
        let mut best = f64::MAX;
        for _ in 0..5 {
            let batches: Vec<_> = (0..turns).map(|_| self.entries(entries_per_turn)).collect();
            let started = Instant::now();
            for batch in &batches {
                self.shard.entries(self.now, PartitionId(0), batch);
                self.shard.take_writes(&mut self.writes);
                black_box(&self.writes);
                self.writes.clear();
            }
            let deliveries = (turns * entries_per_turn * SUBSCRIBERS) as f64;
            best = best.min(started.elapsed().as_nanos() as f64 / deliveries);
        }
        best
    }
}

/// Microseconds to encode one entry in a format.
fn encode(format: Format) -> f64 {
    let mut bench = Bench::new(&[format], true);
    let entries = bench.entries(5_000);
    let started = Instant::now();
    for entry in &entries {
        black_box(entry.frame(format));
    }
    started.elapsed().as_nanos() as f64 / entries.len() as f64 / 1_000.0
}

/// Microseconds per MESSAGE frame from its bytes to its append.
fn publish(format: Format) -> f64 {
    let mut bench = Bench::new(&[format], true);
    let slot = bench.shard.slots()[0];
    let text = "x".repeat(PAYLOAD_BYTES);
    let frames: Vec<Vec<u8>> = (0..1_000)
        .map(|n| {
            let messages = vec![Message { data: Data::Text(text.clone()), ..Message::default() }];
            let frame = loquat_protocol::ProtocolMessage {
                msg_serial: Some(n),
                messages,
                ..loquat_protocol::ProtocolMessage::of_channel(loquat_protocol::Action::Message, "bench")
            };
            format.encode(&frame)
        })
        .collect();
    let mut effects = Vec::new();
    let started = Instant::now();
    for frame in &frames {
        bench.shard.frame(bench.now, &bench.node, slot, format, frame);
    }
    bench.shard.take_effects(&mut effects);
    started.elapsed().as_nanos() as f64 / frames.len() as f64 / 1_000.0
}

fn main() {
    println!("{SUBSCRIBERS} subscribers, {PAYLOAD_BYTES} bytes; encoding included");
    for (name, formats, echo) in [
        ("json", &[Format::Json][..], true),
        ("msgpack", &[Format::Msgpack], true),
        ("both", &Format::ALL, true),
        ("json, no echo", &[Format::Json], false),
    ] {
        let mut bench = Bench::new(formats, echo);
        let (one, many) = (bench.fan_out(1, 1_000), bench.fan_out(32, 100));
        println!("{name:>14}: {one:6.1} ns per delivery at 1 entry a turn, {many:6.2} ns at 32");
    }
    for format in Format::ALL {
        let (encode, publish) = (encode(format), publish(format));
        println!("{format:>14?}: {encode:5.2} us to encode an entry, {publish:5.2} us per publish");
    }
}
