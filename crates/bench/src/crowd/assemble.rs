//! Brings clients to the state that a scenario starts from.

use std::time::Duration;

use crate::crowd::Crowd;
use crate::crowd::peer::Peer;
use crate::error::BenchError;
use crate::net::fleet::Fleet;

/// How many connections may be on their way at once. Below the usual backlog of a listener, so that none has to
/// wait for a second SYN.
pub const PARALLEL: usize = 500;

/// A client to be.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The channel to subscribe to; a publisher has none.
    pub channel: Option<u32>,
    /// Whether its own publishes come back to it.
    pub echo: bool,
}

/// Connects all of `specs` and waits until they are ready. Ids follow the order of `specs`.
pub fn assemble(
    fleet: &mut Fleet,
    crowd: &mut Crowd,
    specs: &[Spec],
    limit: Duration,
) -> Result<(), BenchError> {
    let first = crowd.peers.len();
    let ready_before = crowd.counts.ready;
    let deadline = fleet.clock.now_ns() + limit.as_nanos() as u64;
    let mut opened = 0;
    loop {
        let ready = crowd.counts.ready - ready_before;
        let gone = crowd.counts.closed > 0 || crowd.counts.refusal.is_some();
        if ready == specs.len() {
            return Ok(());
        }
        if gone || fleet.clock.now_ns() >= deadline {
            let why = crowd.counts.refusal.clone().unwrap_or_else(|| "none".to_owned());
            return Err(BenchError::Setup { ready, wanted: specs.len(), seconds: limit.as_secs(), why });
        }
        while opened < specs.len() && opened - ready < PARALLEL {
            let Spec { channel, echo } = specs[opened];
            crowd.peers.push(Peer::new(channel));
            let id = fleet.open(&crowd.dialect.path(channel, echo, None), None)?;
            debug_assert_eq!(id, first + opened);
            opened += 1;
        }
        fleet.turn(deadline, crowd)?;
    }
}
