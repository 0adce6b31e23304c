//! One turn of a shard's loop, as the real node has it: mail, feed, catch-up, then writes and effects.

use std::sync::Arc;

use loquat_core::{Effect, Slot, effect::Append};
use loquat_protocol::{
    Action, ChannelId, ErrorCode, PartitionId, PresenceMessage,
    entry::{PresencePayload, encode_presence},
};

use super::World;
use crate::{
    Broken,
    net::{self, ROOM},
    server::{Known, Mail, PARTITIONS},
};

impl World {
    /// A turn that takes at most so many letters, and so many entries per partition.
    pub(super) fn turn(&mut self, shard: usize, mail: usize, entries: usize) -> Result<(), Broken> {
        self.server.follow(&self.log, self.now);
        for _ in 0..mail {
            let Some(letter) = self.server.shards[shard].1.pop_front() else { break };
            self.read_letter(shard, letter);
        }
        if !self.server.feed(shard, self.now, entries) {
            return Err(Broken {
                law: "GAP-1",
                what: format!("shard {shard} refuses what follows its cursor"),
            });
        }
        let (now, shared) = (self.now, &self.server.shared);
        let core = &mut self.server.shards[shard].0;
        if core.has_catch_up() {
            core.catch_up(now, shared);
        }
        self.carry_out(shard)?;
        self.block_full_sockets(shard);
        Ok(())
    }

    fn read_letter(&mut self, shard: usize, letter: Mail) {
        let (now, shared) = (self.now, &self.server.shared);
        let core = &mut self.server.shards[shard].0;
        match letter {
            Mail::Frame(slot, bytes) => {
                if let Some(format) = core.connection(slot).map(|connection| connection.format) {
                    core.frame(now, shared, slot, format, &bytes);
                }
            }
            Mail::Gone(slot) => self.socket_closed(shard, slot),
            Mail::Drained(slot) => {
                core.drained(shared, slot);
                if let Some(socket) = self.socket_of(shard, slot) {
                    self.sockets[socket].blocked = false;
                }
            }
            Mail::Supersede(slot) => core.supersede(slot),
            Mail::Shed(slot) => core.drain(slot),
            Mail::Appended(outcome) => core.appended(outcome.ticket, Ok(outcome.serial), outcome.messages),
            Mail::Presence(changes) => core.presence_changes(now, &changes),
        }
    }

    /// Carries out what the core wants, until it wants nothing more.
    pub(super) fn carry_out(&mut self, shard: usize) -> Result<(), Broken> {
        loop {
            let (mut writes, mut effects) = (Vec::new(), Vec::new());
            let core = &mut self.server.shards[shard].0;
            core.give_due(&self.server.shared);
            core.take_writes(&mut writes);
            core.take_effects(&mut effects);
            if writes.is_empty() && effects.is_empty() {
                return Ok(());
            }
            for (index, bytes) in writes {
                self.write(shard, index, &bytes)?;
            }
            for effect in effects {
                self.effect(shard, effect);
            }
        }
    }

    fn write(&mut self, shard: usize, index: u32, bytes: &[u8]) -> Result<(), Broken> {
        let Some(socket) = self.places.get(&(shard, index)).map(|socket| &mut self.sockets[*socket]) else {
            return Ok(());
        };
        for message in net::messages(bytes) {
            if socket.blocked && message.action() == Some(Action::Message) {
                let what = format!("a message was queued for {:?} while it does not read", socket.slot);
                return Err(Broken { law: "MEM-1", what });
            }
            socket.down.push_back(message);
        }
        Ok(())
    }

    fn effect(&mut self, shard: usize, effect: Effect) {
        let now = self.now;
        match effect {
            Effect::Append(append) => self.log.append(shard, append),
            Effect::Presence { ticket, channel, events } => {
                let outcome = self.enter(shard, &channel, events);
                self.server.accept(shard, ticket, outcome);
            }
            Effect::Departed { connection } => {
                self.server.registry.insert(connection.as_str().to_owned(), Known::Closed);
                self.server.leave(connection.as_str(), None, now);
            }
            Effect::LeaveChannel { connection, channel } => {
                self.server.leave(connection.as_str(), Some(&channel), now);
            }
            read @ (Effect::ReadBacklog { .. } | Effect::FindRewind { .. }) => {
                self.tally.reads += 1;
                self.server.reads.push((shard, read));
            }
            Effect::Reading { slot, on } => {
                if let Some(socket) = self.socket_of(shard, slot) {
                    self.sockets[socket].reading = on;
                }
            }
            Effect::Close { slot, .. } => {
                if let Some(socket) = self.socket_of(shard, slot) {
                    self.sockets[socket].server_open = false;
                }
                self.socket_closed(shard, slot);
            }
            Effect::Ephemeral { .. }
            | Effect::Authenticate { .. }
            | Effect::CheckMembers { .. }
            | Effect::Occupancy { .. } => {}
        }
    }

    /// Applies presence events, tells everybody, and keeps them in the log as the node does.
    fn enter(
        &mut self,
        shard: usize,
        channel: &ChannelId,
        events: Vec<PresenceMessage>,
    ) -> Result<(), loquat_protocol::ErrorInfo> {
        let changes =
            self.server.shared.members.apply(channel, events).map_err(|_| ErrorCode::PresenceFull)?;
        self.server.tell(&changes);
        let presence = changes.iter().map(|change| PresenceMessage::clone(&change.event)).collect();
        let mut key = [1; 16];
        key[..8].copy_from_slice(&self.rng.number().to_be_bytes());
        self.log.append(
            shard,
            Append {
                ticket: None,
                partition: PartitionId::of(channel, PARTITIONS),
                key,
                time_ms: self.now.wall_ms,
                body: encode_presence(channel, &PresencePayload { presence }),
                messages: 0,
            },
        );
        Ok(())
    }

    /// The server's end of a socket is gone.
    pub(super) fn socket_closed(&mut self, shard: usize, slot: Slot) {
        let core = &mut self.server.shards[shard].0;
        let Some(connection) = core.connection(slot) else { return };
        let (grace_ms, rights) = (connection.grace_ms, Arc::clone(&connection.rights));
        let Some(id) = core.socket_closed(slot) else { return };
        let known = self.server.registry.get_mut(id.as_str());
        if let Some(known) = known.filter(|known| **known == Known::Live(shard, slot)) {
            *known = Known::Gone;
            self.server.shared.members.departed(&id, self.now.mono_ms + grace_ms, rights);
        }
    }

    /// The socket in a slot, if it is still that one.
    pub(super) fn socket_of(&self, shard: usize, slot: Slot) -> Option<usize> {
        let socket = *self.places.get(&(shard, slot.index))?;
        (self.sockets[socket].slot == slot).then_some(socket)
    }

    /// Tells the core of sockets that take nothing more.
    fn block_full_sockets(&mut self, shard: usize) {
        for socket in &mut self.sockets {
            let full = socket.down.len() > ROOM && socket.server_open && !socket.blocked;
            if full && socket.shard == shard {
                socket.blocked = true;
                self.tally.blocked += 1;
                self.server.shards[shard].0.blocked(self.now, socket.slot);
            }
        }
    }
}
