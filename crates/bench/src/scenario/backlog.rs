//! Publishing what clients that are away will have missed.

use std::time::Duration;

use crate::crowd::Crowd;
use crate::error::BenchError;
use crate::net::fleet::Fleet;
use crate::scenario::Context;
use crate::wire::marker::Marker;

const LIMIT: Duration = Duration::from_secs(60);
/// Publishes in flight.
const WINDOW: u64 = 256;

/// Publishes, from the last peer, the messages with these numbers to each channel and waits for the acknowledgements.
pub fn publish(
    fleet: &mut Fleet,
    crowd: &mut Crowd,
    context: &Context<'_>,
    channels: u64,
    numbers: std::ops::Range<u64>,
) -> Result<(), BenchError> {
    let publisher = crowd.peers.len() - 1;
    for seq in numbers {
        for channel in 0..channels as u32 {
            let now_ns = fleet.clock.now_ns();
            let data = Marker { channel, seq, due_ns: now_ns }.data(context.options.size);
            crowd.publish(publisher, channel, &[data], now_ns, fleet.outbox());
            wait(fleet, crowd, "room in the window", |crowd| crowd.counts.unanswered < WINDOW)?;
        }
    }
    wait(fleet, crowd, "the acknowledgements", |crowd| crowd.counts.unanswered == 0)?;
    match crowd.counts.nacked {
        0 => Ok(()),
        refused => Err(BenchError::Unfinished {
            what: "the publishing",
            seconds: 0,
            why: format!(
                "{refused} refused: {}",
                crowd.counts.refusal.as_deref().unwrap_or("no error named")
            ),
        }),
    }
}

/// Takes turns until `until` holds.
pub fn wait(
    fleet: &mut Fleet,
    crowd: &mut Crowd,
    what: &'static str,
    until: impl Fn(&Crowd) -> bool,
) -> Result<(), BenchError> {
    let deadline = fleet.clock.now_ns() + LIMIT.as_nanos() as u64;
    while !until(crowd) {
        if fleet.clock.now_ns() >= deadline || crowd.counts.closed > 0 {
            let why = crowd.counts.refusal.clone().unwrap_or_else(|| "no error named".into());
            return Err(BenchError::Unfinished { what, seconds: LIMIT.as_secs(), why });
        }
        fleet.turn(deadline, crowd)?;
    }
    Ok(())
}
