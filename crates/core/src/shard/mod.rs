//! One shard: the connections that one thread serves, and the channels they are attached to.
//!
//! Every method is an input. Frames to sockets collect in [`Shard::take_writes`], other effects in
//! [`Shard::take_effects`]; the caller carries both out after each turn of its loop, in order.

mod attach;
mod attached;
mod attachments;
mod backlog;
mod catch_up;
mod detach;
mod fan_out;
mod frames;
mod lifecycle;
mod presence;
mod publish;
mod recheck;
mod rewind;
mod stalled;
mod tick;

use std::sync::Arc;

use bytes::Bytes;
use hashbrown::{HashMap, HashSet};
use loquat_protocol::{ChannelId, ChannelName, PartitionId, ProtocolMessage, Serial};
use slab::Slab;

pub use self::backlog::Backlog;
pub use self::rewind::RewindStart;
pub use self::tick::TICK_MS;
use crate::{
    Effect, Limits, Slot, World, channel::Channel, connection::Connection, effect::CloseReason,
    feed::FeedEntry, render, tally::Tally,
};

/// The state of a shard.
#[derive(Debug)]
pub struct Shard {
    limits: Arc<Limits>,
    connections: Slab<Connection>,
    generation: u32,
    channels: Slab<Channel>,
    channel_by_id: HashMap<ChannelId, u32>,
    /// The newest entry of each partition that was fanned out here: the cut of an attach (CUT-1).
    cursors: Vec<Serial>,
    /// Attachments that are behind and may have something to be given.
    catching_up: Vec<(Slot, u32)>,
    /// Attachments that come from a faster shard or node: looked at again when entries have come.
    ahead: Vec<(Slot, u32)>,
    /// Reads whose attachment ended before their answer came. A later attachment of the same connection and channel
    /// asks nothing until then: so every answer meets its question, and each has one read at most.
    unanswered: HashSet<(Slot, ChannelName)>,
    writes: Vec<(u32, Bytes)>,
    effects: Vec<Effect>,
    /// Entries of the current turn with their channels; kept for its capacity.
    turn: Vec<(u32, Arc<FeedEntry>)>,
    /// Attachments that wait to learn where their rewind starts.
    rewinding: HashMap<(Slot, u32), rewind::WantedRewind>,
    answers: Vec<Bytes>,
    /// Connections whose publishes have got outcomes in this turn.
    answers_due: Vec<Slot>,
    /// Attachments that are owed a snapshot of the members at the end of this turn.
    members_due: Vec<(Slot, u32)>,
    tally: Tally,
}

impl Shard {
    /// A shard without connections. `heads`: where the feed of each partition stands.
    pub fn new(limits: Arc<Limits>, heads: Vec<Serial>) -> Self {
        Self {
            limits,
            connections: Slab::new(),
            generation: 0,
            channels: Slab::new(),
            channel_by_id: HashMap::new(),
            cursors: heads,
            catching_up: Vec::new(),
            ahead: Vec::new(),
            unanswered: HashSet::new(),
            writes: Vec::new(),
            effects: Vec::new(),
            turn: Vec::new(),
            rewinding: HashMap::new(),
            answers: Vec::new(),
            answers_due: Vec::new(),
            members_due: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// The newest entry of a partition that was fanned out.
    pub fn cursor(&self, partition: PartitionId) -> Serial {
        self.cursors[partition.index()]
    }

    /// How many connections there are.
    pub fn connection_count(&self) -> usize {
        self.connections.len()
    }

    /// How many channels have attachments.
    pub fn channel_count(&self) -> usize {
        self.channels.len()
    }

    /// The connection in a slot, if it is still the same.
    pub fn connection(&self, slot: Slot) -> Option<&Connection> {
        self.connections
            .get(slot.index as usize)
            .filter(|connection| connection.generation == slot.generation)
    }

    /// Writes what this turn owes: answers to publishes, so that neighbours share a frame, and snapshots of members, of
    /// which one answers all who asked for it. To be called before what was written is taken.
    pub fn give_due(&mut self, world: &impl World) {
        self.give_due_members(world);
        self.flush_due_answers();
    }

    /// Frames to write, in order: connection index and bytes. Empties `self`'s list into `out`.
    pub fn take_writes(&mut self, out: &mut Vec<(u32, Bytes)>) {
        out.append(&mut self.writes);
    }

    /// Other effects, in order. Empties `self`'s list into `out`.
    pub fn take_effects(&mut self, out: &mut Vec<Effect>) {
        out.append(&mut self.effects);
    }

    /// What was done since the last call.
    pub fn take_tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }

    /// Whether a turn of [`Self::catch_up`] could do something.
    pub fn has_catch_up(&self) -> bool {
        !self.catching_up.is_empty()
    }

    fn connection_mut(&mut self, slot: Slot) -> Option<&mut Connection> {
        let connection = self.connections.get_mut(slot.index as usize)?;
        (connection.generation == slot.generation && !connection.closing).then_some(connection)
    }

    fn write_frame(&mut self, index: u32, bytes: Bytes) {
        self.writes.push((index, bytes));
    }

    fn send(&mut self, slot: Slot, message: &ProtocolMessage) {
        if let Some(connection) = self.connection_mut(slot) {
            let bytes = render::frame(message, connection.format);
            self.write_frame(slot.index, bytes);
        }
    }

    /// Nothing more is read from or written to the connection; what was written goes out before the socket closes.
    fn close(&mut self, slot: Slot, reason: CloseReason) {
        if let Some(connection) = self.connection_mut(slot) {
            connection.closing = true;
            self.detach_all(slot);
            self.effects.push(Effect::Close { slot, reason });
        }
    }

    /// The same after a last frame, before which the client is given the answers that are known.
    fn close_with(&mut self, slot: Slot, last: &ProtocolMessage, reason: CloseReason) {
        self.flush_answers(slot);
        self.send(slot, last);
        self.close(slot, reason);
    }
}
