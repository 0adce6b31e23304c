//! From the start of the process to ready, on a data directory that holds many messages.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::crowd::Crowd;
use crate::crowd::assemble::{Spec, assemble};
use crate::error::BenchError;
use crate::measure::clock::Clock;
use crate::measure::process::Process;
use crate::net::fleet::Fleet;
use crate::options::Only;
use crate::report::{Bar, Section};
use crate::scenario::compare::{Frame, compare};
use crate::scenario::{Context, Side};
use crate::server::{Started, data_dir, dialect, start_server};
use crate::wire::marker::Marker;

const SETUP_LIMIT: Duration = Duration::from_secs(20);
const FILL_LIMIT: Duration = Duration::from_secs(600);
const STOP_LIMIT: Duration = Duration::from_secs(15);
/// How the directory is filled: connections, channels in all, messages per publish, publishes in flight on each.
const FILLERS: usize = 16;
const CHANNELS: u64 = 1000;
const BATCH: u64 = 50;
const IN_FLIGHT: usize = 4;
const AFTER_STOP: &str = "to ready after a stop s";
const AFTER_KILL: &str = "to ready after a kill s";

/// Fills one directory by publishing, then starts on it as often as asked: after SIGTERM, and after SIGKILL.
pub fn run(context: &Context<'_>) -> Result<Section, BenchError> {
    let options = context.options;
    if options.target.is_some() {
        return Err(BenchError::Options("start starts servers of its own; it takes no --target".into()));
    }
    let conditions = format!(
        "{} stored messages x {} B on {CHANNELS} channels, files warm in the page cache; from exec to the first 200 \
         of /readyz",
        options.messages, options.size
    );
    let frame = Frame { scenario: "start", conditions };
    let dir = data_dir(options)?;
    if options.only != Only::Bare {
        let server = start_server(context, dir.path())?;
        fill(context, &server)?;
        server.child.terminate(STOP_LIMIT)?;
    }
    let mut section = compare(context, frame, || restart(context, dir.path()), None)?;
    for (name, text) in [(AFTER_STOP, "after a stop"), (AFTER_KILL, "after a kill")] {
        let seconds = section.figure(name).and_then(|figure| figure.server);
        section.bars.push(Bar::at_most(
            format!("seconds from start to ready {text}, at most 1"),
            1.0,
            seconds,
        ));
    }
    Ok(section)
}

fn restart(context: &Context<'_>, dir: &Path) -> Result<Side, BenchError> {
    let after_stop = start_server(context, dir)?;
    let memory = Process::new(after_stop.child.id()).memory()?;
    let stopped_s = after_stop.took.as_secs_f64();
    // Dropping a child kills it with SIGKILL and waits for its end.
    drop(after_stop);
    let after_kill = start_server(context, dir)?;
    let killed_s = after_kill.took.as_secs_f64();
    after_kill.child.terminate(STOP_LIMIT)?;
    let bytes = directory_bytes(dir);
    Ok(Side {
        figures: vec![
            (AFTER_STOP, Some(stopped_s)),
            (AFTER_KILL, Some(killed_s)),
            ("resident when ready MiB", Some(memory.resident_kib as f64 / 1024.0)),
            ("data directory MiB", Some(bytes as f64 / 1_048_576.0)),
        ],
        details: json!({"data_directory_bytes": bytes}),
        ..Side::default()
    })
}

fn directory_bytes(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => directory_bytes(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

fn fill(context: &Context<'_>, server: &Started) -> Result<(), BenchError> {
    let options = context.options;
    let mut fleet = Fleet::new(server.address, server.dialer.clone(), Clock::start())?;
    let mut crowd = Crowd::new(dialect(options));
    assemble(&mut fleet, &mut crowd, &[Spec { channel: None, echo: false }; FILLERS], SETUP_LIMIT)?;
    let deadline = fleet.clock.now_ns() + FILL_LIMIT.as_nanos() as u64;
    let mut sent = 0;
    while sent < options.messages || crowd.counts.unanswered > 0 {
        let now_ns = fleet.clock.now_ns();
        if now_ns >= deadline || crowd.counts.closed > 0 || crowd.counts.nacked > 0 {
            let why = crowd.counts.refusal.clone().unwrap_or_else(|| "no error named".into());
            let why = format!("{sent} of {} messages published; {why}", options.messages);
            return Err(BenchError::Unfinished { what: "the filling", seconds: FILL_LIMIT.as_secs(), why });
        }
        for id in 0..FILLERS {
            while sent < options.messages && crowd.peers[id].in_flight.len() < IN_FLIGHT {
                let count = BATCH.min(options.messages - sent);
                let channel = (sent / BATCH % CHANNELS) as u32;
                let data: Vec<String> = (sent..sent + count)
                    .map(|seq| Marker { channel, seq, due_ns: now_ns }.data(options.size))
                    .collect();
                crowd.publish(id, channel, &data, now_ns, fleet.outbox());
                sent += count;
            }
        }
        fleet.turn(deadline, &mut crowd)?;
    }
    Ok(())
}
