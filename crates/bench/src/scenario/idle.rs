//! Memory of connections on which nothing happens.

use std::time::Duration;

use serde_json::json;

use crate::crowd::Crowd;
use crate::crowd::assemble::{Spec, assemble};
use crate::error::BenchError;
use crate::measure::clock::Clock;
use crate::measure::process::{Memory, Process};
use crate::net::fleet::Fleet;
use crate::report::{Bar, Section};
use crate::scenario::compare::{Frame, compare};
use crate::scenario::{Context, Side};
use crate::server::Subject;

const CONNECT_LIMIT: Duration = Duration::from_secs(120);
/// How long nothing happens before memory is read.
const SETTLE: Duration = Duration::from_secs(3);
const AT_REST: &str = "resident at rest MiB";
const PER_CONNECTION: &str = "KiB/connection";

/// Connects, attaches, waits, reads memory.
pub fn run(context: &Context<'_>) -> Result<Section, BenchError> {
    let options = context.options;
    let conditions = format!(
        "{} connections, {} attached per channel, {}; resident memory before, and {} s after the last attach",
        options.idle_connections,
        options.members,
        context.wire(),
        SETTLE.as_secs()
    );
    let frame = Frame { scenario: "idle", conditions };
    let mut section = compare(context, frame, || side(context), None)?;
    let of = |name| section.figure(name).and_then(|figure| figure.server);
    let bars = [
        Bar::at_most("KiB resident per connection, at most 6", 6.0, of(PER_CONNECTION)),
        Bar::at_most("MiB resident at rest, at most 40", 40.0, of(AT_REST)),
    ];
    section.bars.extend(bars);
    Ok(section)
}

fn side(context: &Context<'_>) -> Result<Side, BenchError> {
    let options = context.options;
    let subject = Subject::server(context)?;
    let process = subject.process.ok_or_else(|| BenchError::Options("idle needs --server-pid".into()))?;
    let mut fleet = Fleet::new(subject.address, subject.dialer.clone(), Clock::start())?;
    let mut crowd = Crowd::new(subject.dialect.clone());
    settle(&mut fleet, &mut crowd, SETTLE)?;
    let before = process.memory()?;

    let channel = |index: usize| Some((index / options.members) as u32);
    let specs: Vec<Spec> =
        (0..options.idle_connections).map(|index| Spec { channel: channel(index), echo: true }).collect();
    let begin = fleet.clock.now_ns();
    let cpu_before = process.cpu()?;
    assemble(&mut fleet, &mut crowd, &specs, CONNECT_LIMIT)?;
    let seconds = (fleet.clock.now_ns() - begin) as f64 / 1e9;
    let cpu = process.cpu()?.saturating_sub(cpu_before);
    settle(&mut fleet, &mut crowd, SETTLE)?;
    let after = process.memory()?;
    Ok(report(&crowd, specs.len() as f64, (before, after), (seconds, cpu), process))
}

fn settle(fleet: &mut Fleet, crowd: &mut Crowd, time: Duration) -> Result<(), BenchError> {
    let end = fleet.clock.now_ns() + time.as_nanos() as u64;
    while fleet.clock.now_ns() < end {
        fleet.turn(end, crowd)?;
    }
    Ok(())
}

fn report(
    crowd: &Crowd,
    connections: f64,
    (before, after): (Memory, Memory),
    (seconds, cpu): (f64, Duration),
    process: Process,
) -> Side {
    let grown = after.resident_kib.saturating_sub(before.resident_kib) as f64;
    let anonymous = after.anonymous_kib.saturating_sub(before.anonymous_kib) as f64;
    let figures = vec![
        ("connections attached", Some(crowd.counts.ready as f64)),
        (AT_REST, Some(before.resident_kib as f64 / 1024.0)),
        ("resident attached MiB", Some(after.resident_kib as f64 / 1024.0)),
        (PER_CONNECTION, Some(grown / connections)),
        ("of it anonymous", Some(anonymous / connections)),
        ("connect and attach s", Some(seconds)),
        ("CPU us/connect+attach", Some(cpu.as_secs_f64() * 1e6 / connections)),
    ];
    let closed = crowd.counts.closed;
    Side {
        figures,
        details: json!({"cpu_seconds_by_thread": process.cpu_by_thread().iter()
            .map(|(name, time)| (name.clone(), time.as_secs_f64())).collect::<std::collections::BTreeMap<_, _>>()}),
        wire_bytes: 0,
        notes: (closed > 0).then(|| format!("{closed} connections ended")).into_iter().collect(),
    }
}
