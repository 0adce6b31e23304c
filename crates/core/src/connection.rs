//! A connection as its shard knows it.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use loquat_protocol::{Action, ConnectionId, ErrorInfo, Format, ProtocolMessage, frame::PublishResult};

use crate::{Rights, places::Places, render, tally::Tally};

/// How a connection begins; the caller has authenticated it and decided whether it is resumed.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its id: new, or that of the connection it resumes.
    pub id: ConnectionId,
    /// The key with which it can be resumed.
    pub key: String,
    /// Why it is not the resumed connection that the client asked for.
    pub error: Option<ErrorInfo>,
    /// Who it is.
    pub rights: Arc<dyn Rights>,
    /// What it speaks.
    pub format: Format,
    /// Whether it wants its own messages.
    pub echo: bool,
    /// Whether it needs HEARTBEAT frames (else WebSocket pings do).
    pub heartbeats: bool,
    /// The longest silence of the server that it wants, milliseconds; the node's own when it does not say.
    pub idle_interval_ms: Option<u64>,
    /// How long its members stay after its socket is gone, milliseconds.
    pub grace_ms: u64,
}

/// A publish that waits for its answer.
#[derive(Debug)]
struct Pending {
    msg_serial: i64,
    outcome: Option<Result<PublishResult, ErrorInfo>>,
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Who it is.
    pub rights: Arc<dyn Rights>,
    /// The key with which it can be resumed.
    pub key: Box<str>,
    /// Tells successive users of one index apart.
    pub generation: u32,
    /// Its attachments.
    pub attachments: Places,
    pending: VecDeque<Pending>,
    /// When something was last written to it, monotonic milliseconds.
    pub written_ms: u64,
    /// Since when it takes nothing, monotonic milliseconds.
    pub blocked_since_ms: Option<u64>,
    /// How long its members stay after its socket is gone, milliseconds.
    pub grace_ms: u64,
    /// Messages that it may publish at once, in thousandths; see the rate limit.
    pub allowance: u64,
    /// When the allowance was last raised, monotonic milliseconds.
    pub allowance_ms: u64,
    /// What it speaks.
    pub format: Format,
    /// Whether it wants its own messages.
    pub echo: bool,
    /// Whether it needs HEARTBEAT frames.
    pub heartbeats: bool,
    /// The longest silence of the server that it was promised, milliseconds; the node's own unless it asked.
    pub idle_interval_ms: Option<u64>,
    /// When it is asked for another token, wall-clock milliseconds: `None` before the first look at the present token,
    /// `u64::MAX` once it was asked.
    pub reauth_at_ms: Option<u64>,
    /// Whether its socket is not read because too much is in flight.
    pub paused: bool,
    /// Nothing more is read from it or written to it.
    pub closing: bool,
    /// Another socket carries it on.
    pub superseded: bool,
}

impl Connection {
    /// A connection as it begins.
    pub fn new(opening: Opening, generation: u32, mono_ms: u64) -> Self {
        Self {
            id: opening.id,
            rights: opening.rights,
            key: opening.key.into_boxed_str(),
            generation,
            attachments: Places::default(),
            pending: VecDeque::new(),
            written_ms: mono_ms,
            blocked_since_ms: None,
            grace_ms: opening.grace_ms,
            // Clipped to the bound when it is first used.
            allowance: u64::MAX,
            allowance_ms: mono_ms,
            format: opening.format,
            echo: opening.echo,
            heartbeats: opening.heartbeats,
            idle_interval_ms: opening.idle_interval_ms,
            reauth_at_ms: None,
            paused: false,
            closing: false,
            superseded: false,
        }
    }

    /// How many publishes wait for their answer.
    pub fn in_flight(&self) -> usize {
        self.pending.len()
    }

    /// A publish begins to wait for its answer.
    pub fn expect(&mut self, msg_serial: i64) {
        self.pending.push_back(Pending { msg_serial, outcome: None });
    }

    /// A publish has its outcome.
    pub fn settle(&mut self, msg_serial: i64, outcome: Result<PublishResult, ErrorInfo>) {
        let waiting = |pending: &&mut Pending| pending.msg_serial == msg_serial && pending.outcome.is_none();
        if let Some(pending) = self.pending.iter_mut().find(waiting) {
            pending.outcome = Some(outcome);
        }
    }

    /// The answers that can be given now, in the order of the publishes: clients take an ACK to cover everything before
    /// it, so none overtakes another. Neighbouring ACKs become one frame.
    pub fn answers(&mut self, out: &mut Vec<Bytes>, tally: &mut Tally) {
        while self.pending.front().is_some_and(|pending| pending.outcome.is_some()) {
            let Some(Pending { msg_serial, outcome: Some(outcome) }) = self.pending.pop_front() else {
                break;
            };
            if let Err(error) = &outcome {
                tally.refused.push(error.code);
            }
            let frame = match outcome {
                Ok(result) => self.acknowledge(msg_serial, result),
                Err(error) => ProtocolMessage {
                    msg_serial: Some(msg_serial),
                    count: Some(1),
                    error: Some(error),
                    ..ProtocolMessage::new(Action::Nack)
                },
            };
            tally.acks += frame.res.len() as u64;
            out.push(render::frame(&frame, self.format));
        }
        if self.pending.is_empty() && self.pending.capacity() > 64 {
            self.pending = VecDeque::new();
        }
    }

    fn acknowledge(&mut self, first: i64, result: PublishResult) -> ProtocolMessage {
        let mut res = vec![result];
        while let Some(next) = self.pending.front_mut() {
            let continues = Some(next.msg_serial) == first.checked_add(res.len() as i64)
                && matches!(next.outcome, Some(Ok(_)));
            if !continues {
                break;
            }
            if let Some(Pending { outcome: Some(Ok(result)), .. }) = self.pending.pop_front() {
                res.push(result);
            }
        }
        ProtocolMessage {
            msg_serial: Some(first),
            count: Some(res.len() as u32),
            res,
            ..ProtocolMessage::new(Action::Ack)
        }
    }
}
