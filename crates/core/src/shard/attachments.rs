//! Attachments: where they are kept, and where they stand.

use loquat_protocol::{ChannelName, Flags, PartitionId, Serial};

use super::Shard;
use crate::{
    Effect, Slot,
    channel::{Attachment, Position},
    feed::ChannelRef,
};

impl Shard {
    /// Where the connection's attachment to a channel is kept.
    pub(super) fn locate(&self, slot: Slot, name: &ChannelName) -> Option<(u32, u32)> {
        let connection = self.connection(slot)?;
        let channel = *self.channel_by_id.get(&ChannelRef { app: connection.rights.app(), name })?;
        Some((channel, connection.attachments.get(channel)?))
    }

    pub(super) fn attachment(&self, slot: Slot, name: &ChannelName) -> Option<&Attachment> {
        let (channel, place) = self.locate(slot, name)?;
        self.channels.get(channel as usize)?.attachments.get(place as usize)
    }

    pub(super) fn attachment_mut(&mut self, slot: Slot, channel: u32) -> Option<&mut Attachment> {
        let place = self.connection(slot)?.attachments.get(channel)?;
        self.channels.get_mut(channel as usize)?.attachments.get_mut(place as usize)
    }

    pub(super) fn subscribes(&self, slot: Slot, channel: u32) -> bool {
        let place = self.connection(slot).and_then(|connection| connection.attachments.get(channel));
        place.is_some_and(|place| self.channels[channel as usize].attachments[place as usize].subscribes())
    }

    /// Gives an attachment other modes; those of before.
    pub(super) fn set_modes(&mut self, channel: u32, place: u32, modes: Flags) -> Flags {
        let entry = &mut self.channels[channel as usize];
        let before = std::mem::replace(&mut entry.attachments[place as usize].modes, modes);
        let channel = entry.id.clone();
        self.effects.push(Effect::Occupancy { channel, before: Some(before), now: Some(modes) });
        before
    }

    pub(super) fn put_position(&mut self, slot: Slot, channel: u32, position: Position) {
        if let Some(attachment) = self.attachment_mut(slot, channel) {
            attachment.position = position;
        }
    }

    /// Where an attachment of the connection stands that goes on from the present.
    pub(super) fn present(&self, slot: Slot, partition: PartitionId) -> Position {
        match self.is_blocked(slot) {
            true => Position::behind(self.cursor(partition).seq),
            false => Position::Live,
        }
    }

    /// Up to where an attachment has everything; none while the start of its rewind is searched.
    pub(super) fn reached(&self, channel: u32, place: u32) -> Option<Serial> {
        let entry = &self.channels[channel as usize];
        let cursor = self.cursor(entry.partition);
        match entry.attachments[place as usize].position {
            Position::Behind { after, .. } => Some(Serial { seq: after, ..cursor }),
            Position::Live => Some(cursor),
            Position::Rewinding => None,
        }
    }
}
