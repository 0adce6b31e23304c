//! The smallest node: shards over a modelled log, ring, projection and member table. Each of them can be held back.

mod log;
mod members;
mod past;
mod place;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use loquat_core::{
    Effect, Limits, Now, Shard,
    channel::EphemeralMessage,
    effect::Append,
    feed::{Ring, RingLimits},
    presence::MemberTable,
};
use loquat_protocol::{ErrorCode, Operation, Serial};

pub use self::place::Place;
use super::wire;

/// How a node is made.
#[derive(Clone, Debug)]
pub struct Options {
    pub limits: Limits,
    pub shards: usize,
    /// Bytes of a ring; small ones make catch-ups read the projection.
    pub ring_bytes: usize,
    pub start: Now,
}

impl Default for Options {
    fn default() -> Self {
        let limits = Limits { partitions: 1, ..Limits::default() };
        Self { limits, shards: 1, ring_bytes: usize::MAX, start: Now { mono_ms: 1_000, wall_ms: 1_000_000 } }
    }
}

impl Options {
    /// With other bounds.
    pub fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let mut options = Self::default();
        change(&mut options.limits);
        options
    }
}

/// What came out of a turn.
#[derive(Debug)]
pub enum Event {
    /// A frame for the socket at (shard, index).
    Frame(usize, u32, wire::Received),
    /// An effect of a shard that the node leaves to the test.
    Effect(usize, Effect),
}

/// The node.
pub struct Node {
    pub now: Now,
    pub shards: Vec<Shard>,
    pub place: Place,
    pub hold_log: bool,
    pub hold_store: bool,
    pub hold_feed: Vec<bool>,
    /// Reads of the projection that wait for their answers.
    pub reads: VecDeque<(usize, Effect)>,
    appends: VecDeque<(usize, Append)>,
    keys: HashMap<[u8; 16], Serial>,
}

impl Node {
    pub fn new(options: &Options) -> Self {
        let partitions = usize::from(options.limits.partitions);
        let limits = Arc::new(options.limits.clone());
        let heads = vec![Serial::new(1, 0); partitions];
        let ring = RingLimits { bytes_max: options.ring_bytes, age_ms_max: u64::MAX };
        Self {
            now: options.start,
            shards: (0..options.shards).map(|_| Shard::new(Arc::clone(&limits), heads.clone())).collect(),
            place: Place {
                rings: heads.iter().map(|head| Ring::new(*head, ring)).collect(),
                history: vec![Vec::new(); partitions],
                pruned_seq: 0,
                members: MemberTable::new(&limits),
            },
            hold_log: false,
            hold_store: false,
            hold_feed: vec![false; options.shards],
            reads: VecDeque::new(),
            appends: VecDeque::new(),
            keys: HashMap::new(),
        }
    }

    /// Runs until nothing more happens by itself.
    pub fn turn(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let before = events.len();
            let mut busy = false;
            if !self.hold_log {
                busy |= self.commit(usize::MAX);
            }
            if !self.hold_store {
                busy |= self.answer(usize::MAX);
            }
            for shard in 0..self.shards.len() {
                if !self.hold_feed[shard] {
                    busy |= self.feed(shard, usize::MAX);
                }
                busy |= self.step(shard, &mut events);
            }
            if !busy && events.len() == before {
                return events;
            }
        }
    }

    /// One turn of a shard's loop.
    fn step(&mut self, shard: usize, events: &mut Vec<Event>) -> bool {
        let catching_up = self.shards[shard].has_catch_up();
        if catching_up {
            self.shards[shard].catch_up(self.now, &self.place);
        }
        self.shards[shard].give_due(&self.place);
        let (mut writes, mut effects) = (Vec::new(), Vec::new());
        self.shards[shard].take_writes(&mut writes);
        self.shards[shard].take_effects(&mut effects);
        let busy = catching_up || !writes.is_empty() || !effects.is_empty();
        for (index, bytes) in writes {
            events.extend(wire::read(&bytes).into_iter().map(|frame| Event::Frame(shard, index, frame)));
        }
        for effect in effects {
            self.carry_out(shard, effect, events);
        }
        busy
    }

    fn carry_out(&mut self, shard: usize, effect: Effect, events: &mut Vec<Event>) {
        match effect {
            Effect::Append(append) => self.appends.push_back((shard, append)),
            Effect::Presence { ticket, channel, events } => {
                let outcome = self.enter(&channel, events).map_err(|_| ErrorCode::PresenceFull.into());
                if let Some(ticket) = ticket {
                    self.shards[shard].accepted(ticket, outcome);
                }
            }
            Effect::Ephemeral { ticket, message } => {
                self.send_ephemeral(&message);
                self.shards[shard].accepted(ticket, Ok(()));
            }
            Effect::LeaveChannel { ref connection, ref channel } => {
                self.leave(connection, Some(channel));
                events.push(Event::Effect(shard, effect));
            }
            Effect::Departed { ref connection } => {
                self.leave(connection, None);
                events.push(Event::Effect(shard, effect));
            }
            Effect::CheckMembers { connection, rights } => {
                for channel in self.place.members.channels_of(connection.as_str()) {
                    if !rights.operations(channel.name.as_str()).contains(Operation::Presence) {
                        self.leave(&connection, Some(&channel));
                    }
                }
            }
            Effect::ReadBacklog { .. } | Effect::FindRewind { .. } => self.reads.push_back((shard, effect)),
            other => events.push(Event::Effect(shard, other)),
        }
    }

    /// Gives an ephemeral message to every shard.
    pub fn send_ephemeral(&mut self, message: &EphemeralMessage) {
        self.shards.iter_mut().for_each(|shard| shard.ephemeral(self.now, message));
    }
}
