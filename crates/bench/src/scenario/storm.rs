//! All clients lose their connection at once, miss messages, come back and resume.

use std::time::Duration;

use serde_json::json;

use crate::crowd::Crowd;
use crate::crowd::assemble::{PARALLEL, Spec, assemble};
use crate::crowd::peer::{Peer, Phase};
use crate::error::BenchError;
use crate::measure::clock::Clock;
use crate::measure::stopwatch::{Spent, Stopwatch};
use crate::measure::tally::Totals;
use crate::net::fleet::Fleet;
use crate::options::Scenario;
use crate::report::{Bar, Section};
use crate::scenario::backlog::{publish, wait};
use crate::scenario::compare::{Frame, compare};
use crate::scenario::{Context, Side};
use crate::server::Subject;

const LIMIT: Duration = Duration::from_secs(60);
const CAUGHT_UP: &str = "all caught up s";

/// Drops and resumes all; the bare loop accepts, upgrades and sends the same number of bytes to each.
pub fn run(context: &Context<'_>) -> Result<Section, BenchError> {
    let options = context.options;
    let conditions = format!(
        "{} connections, {} attached per channel, {} messages x {} B missed each, {}, {PARALLEL} reconnecting \
         at once; bare loop: accept, and the upgrade's answer with one frame of the same bytes",
        options.storm_connections,
        options.members,
        options.missed,
        options.size,
        context.wire()
    );
    let frame = Frame { scenario: "storm", conditions };
    let mut bare = |bytes| bare_side(context, bytes);
    let mut section = compare(context, frame, || server_side(context), Some(&mut bare))?;
    let ratio = section.ratio(CAUGHT_UP);
    section.bars.push(Bar::at_most(
        "time until all are caught up, times the bare loop's, at most 3",
        3.0,
        ratio,
    ));
    Ok(section)
}

fn server_side(context: &Context<'_>) -> Result<Side, BenchError> {
    let options = context.options;
    let subject = Subject::server(context)?;
    let mut fleet = Fleet::new(subject.address, subject.dialer.clone(), Clock::start())?;
    let mut crowd = Crowd::new(subject.dialect.clone());
    crowd.keep_serials = true;
    let clients = options.storm_connections;
    let channels = clients.div_ceil(options.members) as u64;
    let channel = |index: usize| Some((index / options.members) as u32);
    let specs: Vec<Spec> = (0..clients).map(|index| Spec { channel: channel(index), echo: true }).collect();
    assemble(&mut fleet, &mut crowd, &specs, LIMIT)?;
    assemble(&mut fleet, &mut crowd, &[Spec { channel: None, echo: false }], LIMIT)?;

    // One message that all see, so that they resume from a message and not from the attach.
    publish(&mut fleet, &mut crowd, context, channels, 0..1)?;
    wait(&mut fleet, &mut crowd, "the message before the drop", |crowd| {
        crowd.counts.deliveries >= clients as u64
    })?;
    for id in 0..clients {
        fleet.drop_link(id);
        crowd.counts.ready -= (crowd.peers[id].phase == Phase::Ready) as usize;
        crowd.peers[id].prepare_resume();
    }
    publish(&mut fleet, &mut crowd, context, channels, 1..1 + options.missed)?;

    crowd.counts.clear();
    let wanted = 1 + options.missed;
    let begin = fleet.clock.now_ns();
    let watch = Stopwatch::start(subject.process)?;
    let done = |peer: &Peer| peer.phase == Phase::Ready && peer.tally.next() >= wanted;
    let seconds = reconnect(&mut fleet, &mut crowd, clients, done)?;
    let spent = watch.read()?;
    // Anything doubled would come right behind.
    let quiet = begin + ((seconds + 1.0) * 1e9) as u64;
    while fleet.clock.now_ns() < quiet {
        fleet.turn(quiet, &mut crowd)?;
    }
    Ok(report(&crowd, &fleet, clients, &vec![wanted; channels as usize], seconds, &spent))
}

fn report(
    crowd: &Crowd,
    fleet: &Fleet,
    clients: usize,
    published: &[u64],
    seconds: f64,
    spent: &Spent,
) -> Side {
    let totals: Totals = crowd.totals(published);
    let peers = &crowd.peers[..clients];
    let share = |of: fn(&Peer) -> bool| peers.iter().filter(|peer| of(peer)).count() as f64;
    let refusal = crowd.counts.refusal.iter().map(|why| format!("first refusal: {why}"));
    let bytes = (0..clients).map(|id| fleet.bytes_received(id)).sum::<u64>() / clients as u64;
    Side {
        figures: vec![
            (CAUGHT_UP, Some(seconds)),
            ("CPU us/client", spent.cpu_us_per(clients as u64)),
            ("wire bytes/client", Some(bytes as f64)),
            ("same connectionId", Some(share(|peer| peer.same_connection))),
            ("attachments RESUMED", Some(share(|peer| peer.resumed))),
            ("lost", Some(totals.lost as f64)),
            ("duplicated", Some(totals.duplicated as f64)),
            ("reordered", Some(totals.reordered as f64)),
        ],
        details: json!({"cpu_seconds_by_thread": spent.by_thread}),
        wire_bytes: bytes as usize,
        notes: spent.notes().into_iter().chain(refusal).collect(),
    }
}

fn bare_side(context: &Context<'_>, bytes: usize) -> Result<Side, BenchError> {
    let clients = context.options.storm_connections;
    let subject = Subject::bare(context, Scenario::BareCatchup, bytes)?;
    let mut fleet = Fleet::new(subject.address, subject.dialer.clone(), Clock::start())?;
    let mut crowd = Crowd::new(subject.dialect.clone());
    for _ in 0..clients {
        // An id of its own, taken before the clock runs, as on the server's side.
        crowd.peers.push(Peer::new(None));
    }
    let watch = Stopwatch::start(subject.process)?;
    let seconds = reconnect(&mut fleet, &mut crowd, clients, |peer| peer.frames >= 1)?;
    let spent = watch.read()?;
    Ok(Side {
        figures: vec![
            (CAUGHT_UP, Some(seconds)),
            ("CPU us/client", spent.cpu_us_per(clients as u64)),
            ("wire bytes/client", Some(bytes as f64)),
        ],
        details: json!({"cpu_seconds_by_thread": spent.by_thread}),
        notes: spent.notes(),
        ..Side::default()
    })
}

/// Opens the connections of the first `clients` peers, `PARALLEL` at a time, until all are `done`; seconds it took.
fn reconnect(
    fleet: &mut Fleet,
    crowd: &mut Crowd,
    clients: usize,
    done: impl Fn(&Peer) -> bool,
) -> Result<f64, BenchError> {
    let begin = fleet.clock.now_ns();
    let deadline = begin + LIMIT.as_nanos() as u64;
    let (mut next, mut pending) = (0, Vec::with_capacity(PARALLEL));
    loop {
        pending.retain(|&id: &usize| !done(&crowd.peers[id]));
        while next < clients && pending.len() < PARALLEL {
            let peer = &crowd.peers[next];
            let path = crowd.dialect.path(peer.channel, true, peer.resume.as_ref());
            let reuse = peer.resume.is_some().then_some(next);
            fleet.open(&path, reuse)?;
            pending.push(next);
            next += 1;
        }
        let now = fleet.clock.now_ns();
        if pending.is_empty() {
            return Ok((now - begin) as f64 / 1e9);
        }
        if now >= deadline || crowd.counts.closed > 0 {
            let why = crowd.counts.refusal.clone().unwrap_or_else(|| "no error named".into());
            let why = format!(
                "{} of {clients} caught up, {} connections ended; {why}",
                next - pending.len(),
                crowd.counts.closed
            );
            return Err(BenchError::Unfinished { what: "the resume of all", seconds: LIMIT.as_secs(), why });
        }
        fleet.turn(deadline, crowd)?;
    }
}
