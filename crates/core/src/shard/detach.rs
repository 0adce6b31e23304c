//! How attachments end: DETACH, failure, the end of the connection.

use loquat_protocol::{Action, ChannelId, ChannelName, ProtocolMessage};

use super::Shard;
use crate::{Effect, Slot, channel::Position};

impl Shard {
    pub(super) fn detach(&mut self, slot: Slot, message: ProtocolMessage) {
        let text = message.channel.unwrap_or_default();
        let name = match ChannelName::parse(&text) {
            Ok(name) => name,
            Err(error) => return self.channel_error(slot, &text, error),
        };
        self.remove_attachment(slot, &name);
        self.members_leave(slot, &name);
        self.send(slot, &ProtocolMessage::of_channel(Action::Detached, name.as_str()));
    }

    /// Ends an attachment, if there is one; the connection's members leave the channel.
    pub(super) fn leave_channel(&mut self, slot: Slot, name: &ChannelName) {
        if self.remove_attachment(slot, name) {
            self.members_leave(slot, name);
        }
    }

    fn members_leave(&mut self, slot: Slot, name: &ChannelName) {
        let Some(connection) = self.connection(slot) else { return };
        let channel = ChannelId::new(connection.rights.app().clone(), name.clone());
        self.effects.push(Effect::LeaveChannel { connection: connection.id.clone(), channel });
    }

    /// Ends an attachment; `false` when there was none.
    pub(super) fn remove_attachment(&mut self, slot: Slot, name: &ChannelName) -> bool {
        let Some((channel, place)) = self.locate(slot, name) else { return false };
        let position = self.channels[channel as usize].attachments[place as usize].position;
        let asked = self.rewinding.remove(&(slot, channel)).is_some_and(|wanted| wanted.asked);
        if asked || matches!(position, Position::Behind { reading: true, .. }) {
            self.unanswered.insert((slot, name.clone()));
        }
        let connection = &mut self.connections[slot.index as usize];
        connection.attachments.remove(channel);
        self.take_out(channel, place);
        true
    }

    pub(super) fn detach_all(&mut self, slot: Slot) {
        let Some(connection) = self.connections.get_mut(slot.index as usize) else { return };
        for (channel, place) in connection.attachments.take() {
            self.rewinding.remove(&(slot, channel));
            self.take_out(channel, place);
        }
    }

    fn take_out(&mut self, channel: u32, place: u32) {
        let entry = &mut self.channels[channel as usize];
        let removed = entry.attachments.swap_remove(place as usize);
        entry.formats[removed.format as usize] -= 1;
        if let Some(moved) = entry.attachments.get(place as usize) {
            self.connections[moved.connection as usize].attachments.put(channel, place);
        }
        let id = entry.id.clone();
        self.effects.push(Effect::Occupancy { channel: id.clone(), before: Some(removed.modes), now: None });
        if entry.attachments.is_empty() {
            self.channels.remove(channel as usize);
            self.channel_by_id.remove(&id);
        }
    }
}
