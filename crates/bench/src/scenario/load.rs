//! Publishing at a fixed rate or as fast as a window allows, to any number of channels with their members.

use std::time::Duration;

use crate::crowd::Crowd;
use crate::crowd::assemble::{Spec, assemble};
use crate::error::BenchError;
use crate::measure::process::Process;
use crate::measure::stopwatch::{Spent, Stopwatch};
use crate::measure::tally::Totals;
use crate::net::fleet::Fleet;
use crate::wire::marker::Marker;

/// Longest wait for all connections to become ready.
const SETUP_LIMIT: Duration = Duration::from_secs(60);
/// Usual `Plan::drain`: what has not arrived by then counts as lost.
pub const DRAIN: Duration = Duration::from_secs(10);

/// When the next message is due.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// This many a second on each channel, the channels evenly spread over the second.
    Rate(f64),
    /// At most this many messages published and not yet both acknowledged and delivered to all (on average over
    /// the subscribers).
    Window(u64),
}

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Number of channels.
    pub channels: u32,
    /// Subscribers of each.
    pub members: usize,
    /// True: one connection that is attached to nothing publishes all. False: the members of each channel take
    /// turns, and get what they publish themselves.
    pub outside_publisher: bool,
    /// How fast.
    pub pace: Pace,
    /// Bytes of each message's data.
    pub size: usize,
    /// Publishing before the figures count.
    pub warmup: Duration,
    /// How long the figures count.
    pub duration: Duration,
    /// Longest wait for the last deliveries and answers.
    pub drain: Duration,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What the measured interval cost.
    pub spent: Spent,
    /// Messages read in it.
    pub deliveries: u64,
    /// Messages published in it.
    pub published: u64,
    /// Mean bytes on the wire per delivery, frame header included.
    pub bytes_per_delivery: f64,
    /// Latency quantiles in ms: 50, 99, 99.9 %, maximum.
    pub latency_ms: [f64; 4],
    /// Latency of the acknowledgement in ms: 50, 99 %.
    pub ack_ms: [f64; 2],
    /// Resident memory at the end, in KiB.
    pub resident_kib: u64,
    /// The subscribers' accounts over the whole run, warm-up included.
    pub totals: Totals,
    /// Publishes refused.
    pub nacked: u64,
    /// Connections that ended.
    pub closed: u64,
    /// The first error that the server named.
    pub refusal: Option<String>,
}

/// Runs `plan` with the clients of `crowd`, which is empty at first.
pub fn run(
    fleet: &mut Fleet,
    crowd: &mut Crowd,
    plan: &Plan,
    process: Option<Process>,
) -> Result<Outcome, BenchError> {
    assemble(fleet, crowd, &specs(plan), SETUP_LIMIT)?;
    let mut source = Source::new(plan, fleet.clock.now_ns());
    source.run_for(fleet, crowd, plan.warmup)?;

    crowd.counts.clear();
    let published_before = source.published;
    let watch = Stopwatch::start(process)?;
    source.run_for(fleet, crowd, plan.duration)?;
    let counts = &crowd.counts;
    let mut outcome = Outcome {
        spent: watch.read()?,
        deliveries: counts.deliveries,
        published: source.published - published_before,
        bytes_per_delivery: counts.delivery_bytes as f64 / counts.deliveries.max(1) as f64,
        latency_ms: [0.5, 0.99, 0.999, 1.0].map(|share| counts.delivery_ns.quantile(share) as f64 / 1e6),
        ack_ms: [0.5, 0.99].map(|share| counts.ack_ns.quantile(share) as f64 / 1e6),
        ..Outcome::default()
    };
    source.drain(fleet, crowd)?;
    outcome.resident_kib =
        process.map(|process| process.memory()).transpose()?.unwrap_or_default().resident_kib;
    outcome.totals = crowd.totals(&source.sent);
    outcome.nacked = crowd.counts.nacked;
    outcome.closed = crowd.counts.closed;
    outcome.refusal = crowd.counts.refusal.clone();
    Ok(outcome)
}

fn specs(plan: &Plan) -> Vec<Spec> {
    let members = (0..plan.channels)
        .flat_map(|channel| (0..plan.members).map(move |_| Spec { channel: Some(channel), echo: true }));
    members.chain(plan.outside_publisher.then_some(Spec { channel: None, echo: false })).collect()
}

/// The one who publishes.
struct Source<'a> {
    plan: &'a Plan,
    start_ns: u64,
    /// Messages published in all.
    published: u64,
    /// Messages published to each channel.
    sent: Vec<u64>,
}

impl<'a> Source<'a> {
    fn new(plan: &'a Plan, start_ns: u64) -> Self {
        Source { plan, start_ns, published: 0, sent: vec![0; plan.channels as usize] }
    }

    fn run_for(&mut self, fleet: &mut Fleet, crowd: &mut Crowd, time: Duration) -> Result<(), BenchError> {
        let end_ns = fleet.clock.now_ns() + time.as_nanos() as u64;
        loop {
            let now_ns = fleet.clock.now_ns();
            if now_ns >= end_ns {
                return Ok(());
            }
            let wake_ns = match self.plan.pace {
                Pace::Rate(hz) => self.publish_due(fleet, crowd, hz, now_ns),
                Pace::Window(window) => {
                    self.publish_window(fleet, crowd, window, now_ns);
                    end_ns
                }
            };
            fleet.turn(wake_ns.min(end_ns), crowd)?;
        }
    }

    /// Publishes all that is due and tells when the next one is.
    fn publish_due(&mut self, fleet: &mut Fleet, crowd: &mut Crowd, hz: f64, now_ns: u64) -> u64 {
        let interval_ns = 1e9 / (hz * f64::from(self.plan.channels));
        loop {
            let due_ns = self.start_ns + (self.published as f64 * interval_ns) as u64;
            if due_ns > now_ns {
                return due_ns;
            }
            self.publish(fleet, crowd, due_ns, now_ns);
        }
    }

    fn publish_window(&mut self, fleet: &mut Fleet, crowd: &mut Crowd, window: u64, now_ns: u64) {
        let members = self.plan.members as u64;
        let outstanding = |published: u64, crowd: &Crowd| {
            let undelivered = (published * members).saturating_sub(crowd.counts.deliveries_ever);
            undelivered.div_ceil(members).max(crowd.counts.unanswered)
        };
        while outstanding(self.published, crowd) < window {
            self.publish(fleet, crowd, now_ns, now_ns);
        }
    }

    fn publish(&mut self, fleet: &mut Fleet, crowd: &mut Crowd, due_ns: u64, now_ns: u64) {
        let channel = (self.published % u64::from(self.plan.channels)) as u32;
        let seq = self.sent[channel as usize];
        let publisher = if self.plan.outside_publisher {
            self.plan.channels as usize * self.plan.members
        } else {
            channel as usize * self.plan.members + (seq % self.plan.members as u64) as usize
        };
        let data = Marker { channel, seq, due_ns }.data(self.plan.size);
        crowd.publish(publisher, channel, &[data], now_ns, fleet.outbox());
        self.sent[channel as usize] += 1;
        self.published += 1;
    }

    /// Waits until all that was published has arrived and been answered, or for `Plan::drain`.
    fn drain(&self, fleet: &mut Fleet, crowd: &mut Crowd) -> Result<(), BenchError> {
        let deadline = fleet.clock.now_ns() + self.plan.drain.as_nanos() as u64;
        let wanted = self.published * self.plan.members as u64;
        while crowd.counts.deliveries_ever < wanted || crowd.counts.unanswered > 0 {
            if fleet.clock.now_ns() >= deadline {
                break;
            }
            fleet.turn(deadline, crowd)?;
        }
        Ok(())
    }
}
