//! Acknowledged publishes per second, against a bare group commit on the same disk.

use std::time::Duration;

use serde_json::json;

use crate::bare;
use crate::crowd::Crowd;
use crate::crowd::assemble::{Spec, assemble};
use crate::error::BenchError;
use crate::measure::clock::Clock;
use crate::measure::stopwatch::Stopwatch;
use crate::net::fleet::Fleet;
use crate::report::{Bar, Section};
use crate::scenario::compare::{Frame, compare};
use crate::scenario::{Context, Side};
use crate::server::child::Child;
use crate::server::{Subject, data_dir};
use crate::wire::marker::Marker;

const SETUP_LIMIT: Duration = Duration::from_secs(20);
const ACKED: &str = "acked publishes/s";

/// Each connection publishes to a channel of its own and keeps a fixed number of publishes in flight.
pub fn run(context: &Context<'_>) -> Result<Section, BenchError> {
    let options = context.options;
    let conditions = format!(
        "{} connections x {} in flight x {} B, a channel each, {}, {} s; bare loop: as many records in flight \
         through a queue, append and fdatasync as group commit, no network",
        options.publishers,
        options.in_flight,
        options.durable_size,
        context.wire(),
        options.seconds
    );
    let frame = Frame { scenario: "durable", conditions };
    let mut section = compare(context, frame, || server_side(context), Some(&mut |_| bare_side(context)))?;
    let share = section.ratio(ACKED);
    section.bars.push(Bar::at_least(
        "acknowledged publishes, share of the bare group commit's, at least 0.6",
        0.6,
        share,
    ));
    Ok(section)
}

fn server_side(context: &Context<'_>) -> Result<Side, BenchError> {
    let options = context.options;
    let subject = Subject::server(context)?;
    let mut fleet = Fleet::new(subject.address, subject.dialer.clone(), Clock::start())?;
    let mut crowd = Crowd::new(subject.dialect.clone());
    let specs = vec![Spec { channel: None, echo: false }; options.publishers];
    assemble(&mut fleet, &mut crowd, &specs, SETUP_LIMIT)?;
    let mut sent = vec![0u64; options.publishers];
    publish_for(&mut fleet, &mut crowd, context, &mut sent, options.warmup())?;

    crowd.counts.clear();
    let watch = Stopwatch::start(subject.process)?;
    publish_for(&mut fleet, &mut crowd, context, &mut sent, options.duration())?;
    let spent = watch.read()?;
    let counts = &crowd.counts;
    let ack_ms = [0.5, 0.99].map(|share| counts.ack_ns.quantile(share) as f64 / 1e6);
    let refusal = counts.refusal.iter().map(|why| format!("first refusal: {why}"));
    Ok(Side {
        figures: vec![
            (ACKED, Some(counts.acked as f64 / spent.seconds)),
            ("ack p50 ms", Some(ack_ms[0])),
            ("ack p99 ms", Some(ack_ms[1])),
            ("CPU us/ack", spent.cpu_us_per(counts.acked)),
            ("CPU, cores", spent.cpu.map(|cpu| cpu / spent.seconds)),
            ("generator's CPU, cores", Some(spent.generator_cores)),
            ("refused", Some(counts.nacked as f64)),
            ("stray acks", Some(counts.stray_acks as f64)),
        ],
        details: json!({"seconds": spent.seconds, "acked": counts.acked, "closed": counts.closed,
            "cpu_seconds_by_thread": spent.by_thread}),
        wire_bytes: 0,
        notes: spent.notes().into_iter().chain(refusal).collect(),
    })
}

fn publish_for(
    fleet: &mut Fleet,
    crowd: &mut Crowd,
    context: &Context<'_>,
    sent: &mut [u64],
    time: Duration,
) -> Result<(), BenchError> {
    let end_ns = fleet.clock.now_ns() + time.as_nanos() as u64;
    loop {
        let now_ns = fleet.clock.now_ns();
        if now_ns >= end_ns {
            return Ok(());
        }
        for (id, sent) in sent.iter_mut().enumerate() {
            while crowd.peers[id].in_flight.len() < context.options.in_flight {
                let data = Marker { channel: id as u32, seq: *sent, due_ns: now_ns }
                    .data(context.options.durable_size);
                crowd.publish(id, id as u32, &[data], now_ns, fleet.outbox());
                *sent += 1;
            }
        }
        fleet.turn(end_ns, crowd)?;
    }
}

fn bare_side(context: &Context<'_>) -> Result<Side, BenchError> {
    let options = context.options;
    let dir = data_dir(options)?;
    let mut arguments = context.program.prefix.clone();
    arguments.push("bare-durable".into());
    let numbers = [
        ("--publishers", options.publishers.to_string()),
        ("--in-flight", options.in_flight.to_string()),
        ("--durable-size", options.durable_size.to_string()),
        ("--seconds", options.seconds.to_string()),
        ("--work-dir", dir.path().display().to_string()),
    ];
    arguments.extend(numbers.into_iter().flat_map(|(name, value)| [name.to_owned(), value]));
    let mut child = Child::spawn("bare-durable", &context.program.path, &arguments, None)?;
    let line = child.first_line()?;
    let outcome: bare::durable::Outcome = serde_json::from_str(&line)
        .map_err(|_| BenchError::NotReady { name: "bare-durable".into(), why: format!("said {line:?}") })?;
    Ok(Side {
        figures: vec![
            (ACKED, Some(outcome.acked_per_s)),
            ("ack p50 ms", Some(outcome.ack_ms[0])),
            ("ack p99 ms", Some(outcome.ack_ms[1])),
            ("records/fdatasync", Some(outcome.batch)),
            ("ceiling: one thread, full batches/s", Some(outcome.ceiling_per_s)),
        ],
        details: json!(outcome),
        ..Side::default()
    })
}
