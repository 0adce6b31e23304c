//! Readers that do not read: their attachments stop, go on when they read again, and end when that takes too long.

use loquat_protocol::ChannelName;

use super::{Shard, attached::Attached};
use crate::{Now, Slot, World, channel::Position, effect::CloseReason};

impl Shard {
    pub(super) fn is_blocked(&self, slot: Slot) -> bool {
        self.connection(slot).is_some_and(|connection| connection.blocked_since_ms.is_some())
    }

    /// The socket takes nothing more: its attachments stop where they are. Nothing is queued for it from here on but
    /// answers and other small frames (MEM-1).
    pub fn blocked(&mut self, now: Now, slot: Slot) {
        let Some(connection) = self.connection_mut(slot) else { return };
        if connection.blocked_since_ms.is_some() {
            return;
        }
        connection.blocked_since_ms = Some(now.mono_ms);
        for (channel, place) in self.connections[slot.index as usize].attachments.all() {
            let cursor = self.cursor(self.channels[channel as usize].partition).seq;
            let attachment = &mut self.channels[channel as usize].attachments[place as usize];
            if attachment.position == Position::Live {
                attachment.position = Position::behind(cursor);
            }
        }
    }

    /// The socket has taken everything: its attachments go on.
    pub fn drained(&mut self, world: &impl World, slot: Slot) {
        let Some(connection) = self.connection_mut(slot) else { return };
        if connection.blocked_since_ms.take().is_none() {
            return;
        }
        for (channel, place) in self.connections[slot.index as usize].attachments.all() {
            let attachment = &mut self.channels[channel as usize].attachments[place as usize];
            if !std::mem::replace(&mut attachment.queued, true) {
                self.catching_up.push((slot, channel));
            }
            if std::mem::take(&mut attachment.missed) {
                self.tell_missed(world, slot, channel);
            } else if std::mem::take(&mut attachment.presence_stale) {
                let members = world.members(&self.channels[channel as usize].id);
                self.give_members(slot, channel, place, members);
            }
        }
    }

    /// Ephemeral messages were dropped on the way, among them some that are needed: who may have missed one is told.
    pub fn ephemeral_lost(&mut self, world: &impl World) {
        let reserved =
            self.channels.iter().filter(|(_, channel)| ChannelName::is_reserved(channel.id.name.as_str()));
        let reserved: Vec<_> = reserved.map(|(index, _)| index as u32).collect();
        for channel in reserved {
            for place in 0..self.channels[channel as usize].attachments.len() {
                let attachment = &mut self.channels[channel as usize].attachments[place];
                let index = attachment.connection;
                let connection = &self.connections[index as usize];
                attachment.missed = connection.blocked_since_ms.is_some();
                if !attachment.missed {
                    self.tell_missed(world, Slot { index, generation: connection.generation }, channel);
                }
            }
        }
    }

    /// ATTACHED without RESUMED: clients take it for "what you know may be old".
    fn tell_missed(&mut self, world: &impl World, slot: Slot, channel: u32) {
        let cursor = self.cursor(self.channels[channel as usize].partition);
        self.send_attached(world, slot, channel, cursor, Attached::default());
    }

    /// Ends connections that have taken nothing for too long; they resume when they read again.
    pub(super) fn cut_off_stalled(&mut self, now: Now, slot: Slot) {
        let limit = self.limits.stalled_ms_max;
        let Some(connection) = self.connection(slot) else { return };
        if connection.blocked_since_ms.is_some_and(|since| now.mono_ms.saturating_sub(since) > limit) {
            self.close(slot, CloseReason::Slow);
        }
    }
}
