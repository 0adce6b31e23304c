//! One publisher, many subscribers of one channel.

use crate::crowd::Crowd;
use crate::error::BenchError;
use crate::measure::clock::Clock;
use crate::measure::stopwatch::Spent;
use crate::net::fleet::Fleet;
use crate::options::Scenario;
use crate::report::{Bar, Section};
use crate::scenario::compare::{Frame, compare};
use crate::scenario::load::{self, Outcome, Pace, Plan};
use crate::scenario::{Context, Side};
use crate::server::Subject;
use serde_json::json;

/// At a fixed rate.
pub fn paced(context: &Context<'_>) -> Result<Section, BenchError> {
    let options = context.options;
    let plan = plan(context, Pace::Rate(options.rate));
    let conditions = format!(
        "{} subscribers x {}/s x {} B, {}, {} s; bare loop: one write per frame and member",
        options.subscribers,
        options.rate,
        options.size,
        context.wire(),
        options.seconds
    );
    let frame = Frame { scenario: "fanout, paced", conditions };
    let mut section = loaded(context, frame, &plan, Scenario::BareFanout)?;
    let cpu = section.ratio(CPU);
    section.bars.push(Bar::at_most("CPU per delivery, times the bare loop's, at most 1.4", 1.4, cpu));
    let p99 = section.figure(P99).and_then(|figure| Some(figure.server? - figure.bare?));
    section.bars.push(Bar::at_most("p99, ms above the bare loop's, at most 10", 10.0, p99));
    Ok(section)
}

/// As fast as the window allows.
pub fn full_speed(context: &Context<'_>) -> Result<Section, BenchError> {
    let options = context.options;
    let plan = plan(context, Pace::Window(options.window));
    let conditions = format!(
        "{} subscribers x {} B, at most {} messages not yet acknowledged and delivered to all, {}, {} s; \
         bare loop: the frames of one turn in one write per member",
        options.subscribers,
        options.size,
        options.window,
        context.wire(),
        options.seconds
    );
    let frame = Frame { scenario: "fanout, full speed", conditions };
    let mut section = loaded(context, frame, &plan, Scenario::BareFanoutJoined)?;
    let cpu = section.ratio(CPU);
    section.bars.push(Bar::at_most("CPU per delivery, times the bare loop's, at most 2.5", 2.5, cpu));
    Ok(section)
}

fn plan(context: &Context<'_>, pace: Pace) -> Plan {
    let options = context.options;
    Plan {
        channels: 1,
        members: options.subscribers,
        outside_publisher: true,
        pace,
        size: options.size,
        warmup: options.warmup(),
        duration: options.duration(),
        drain: load::DRAIN,
    }
}

/// Name of the figure that most bars are about.
pub const CPU: &str = "CPU us/delivery";
const P99: &str = "latency p99 ms";

/// Runs a load against the server and against a bare loop.
pub fn loaded(
    context: &Context<'_>,
    frame: Frame,
    plan: &Plan,
    bare: Scenario,
) -> Result<Section, BenchError> {
    let mut bare_side = |bytes: usize| side(Subject::bare(context, bare, bytes)?, plan);
    compare(context, frame, || side(Subject::server(context)?, plan), Some(&mut bare_side))
}

fn side(mut subject: Subject, plan: &Plan) -> Result<Side, BenchError> {
    let mut fleet = Fleet::new(subject.address, subject.dialer.clone(), Clock::start())?;
    let mut crowd = Crowd::new(subject.dialect.clone());
    let outcome = load::run(&mut fleet, &mut crowd, plan, subject.process);
    let outcome = outcome.map_err(|error| match subject.obituary() {
        Some(why) => BenchError::NotReady { name: "server".into(), why: format!("{error}; {why}") },
        None => error,
    })?;
    Ok(report(&outcome, subject.dialect.has_sessions()))
}

fn report(outcome: &Outcome, has_sessions: bool) -> Side {
    let Spent { seconds, cpu, .. } = outcome.spent;
    let mut figures = vec![
        ("published/s", Some(outcome.published as f64 / seconds)),
        ("deliveries/s", Some(outcome.deliveries as f64 / seconds)),
        (CPU, outcome.spent.cpu_us_per(outcome.deliveries)),
        ("CPU, cores", cpu.map(|cpu| cpu / seconds)),
        ("generator's CPU, cores", Some(outcome.spent.generator_cores)),
        ("wire bytes/delivery", Some(outcome.bytes_per_delivery)),
        ("latency p50 ms", Some(outcome.latency_ms[0])),
        (P99, Some(outcome.latency_ms[1])),
        ("latency p99.9 ms", Some(outcome.latency_ms[2])),
        ("latency max ms", Some(outcome.latency_ms[3])),
        ("lost", Some(outcome.totals.lost as f64)),
        ("duplicated", Some(outcome.totals.duplicated as f64)),
        ("reordered", Some(outcome.totals.reordered as f64)),
        ("resident MiB", cpu.map(|_| outcome.resident_kib as f64 / 1024.0)),
    ];
    if has_sessions {
        figures.push(("ack p50 ms", Some(outcome.ack_ms[0])));
        figures.push(("ack p99 ms", Some(outcome.ack_ms[1])));
    }
    Side {
        figures,
        details: json!({"seconds": seconds, "deliveries": outcome.deliveries,
            "foreign": outcome.totals.foreign, "cpu_seconds_by_thread": outcome.spent.by_thread}),
        wire_bytes: outcome.bytes_per_delivery.round() as usize,
        notes: notes(outcome),
    }
}

fn notes(outcome: &Outcome) -> Vec<String> {
    let mut notes = outcome.spent.notes();
    let first = outcome.refusal.as_deref().unwrap_or("none named");
    if outcome.nacked > 0 {
        notes.push(format!("{} publishes refused, first: {first}", outcome.nacked));
    }
    if outcome.closed > 0 {
        notes.push(format!("{} connections ended, first reason: {first}", outcome.closed));
    }
    if outcome.totals.foreign > 0 {
        notes.push(format!("{} deliveries of a channel not attached to", outcome.totals.foreign));
    }
    notes
}
