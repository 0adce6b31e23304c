//! Attachments that are behind: after a resume, a rewind, or while their client did not read.

use std::sync::Arc;

use loquat_protocol::{ChannelName, ErrorCode, ErrorInfo, Flags};

use super::Shard;
use crate::{
    Effect, Now, Slot, World,
    channel::{Attachment, Position},
    effect::CloseReason,
    feed::FeedEntry,
    render,
    world::Recent,
};

/// Bytes given to one connection in a turn, about: more is added once they have gone out.
const PIECE_BYTES_MAX: usize = 512 * 1024;

/// The outcome of [`Effect::ReadBacklog`].
#[derive(Debug)]
pub enum Backlog {
    /// The channel's entries in the range, oldest first, complete up to `until`.
    Entries {
        /// The entries.
        entries: Vec<Arc<FeedEntry>>,
        /// Everything of the channel up to here is among them.
        until: u64,
    },
    /// Some of it is gone.
    Lost,
    /// It cannot be read at the moment; ask again.
    Unavailable,
}

impl Shard {
    /// Gives attachments that are behind their next piece. Call once per turn while [`Self::has_catch_up`].
    pub fn catch_up(&mut self, now: Now, world: &impl World) {
        let mut given = (None, 0);
        for (slot, channel) in std::mem::take(&mut self.catching_up) {
            // The attachments of a connection stand together: with its share of the turn used up the others wait, so that
            // what is written to it at once has a bound however many they are (MEM-1).
            if given.0 != Some(slot) {
                given = (Some(slot), 0);
            }
            if given.1 >= PIECE_BYTES_MAX {
                self.catching_up.push((slot, channel));
                continue;
            }
            let before = self.writes.len();
            self.catch_up_one(now, world, slot, channel);
            given.1 += self.writes[before..].iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        }
    }

    /// Puts an attachment on the list of those to be given their next piece, once (MEM-1).
    pub(super) fn queue_catch_up(&mut self, slot: Slot, channel: u32) {
        if let Some(attachment) = self.attachment_mut(slot, channel)
            && !std::mem::replace(&mut attachment.queued, true)
        {
            self.catching_up.push((slot, channel));
        }
    }

    fn attachment_mut(&mut self, slot: Slot, channel: u32) -> Option<&mut Attachment> {
        let place = self.connection(slot)?.attachments.get(channel)?;
        self.channels.get_mut(channel as usize)?.attachments.get_mut(place as usize)
    }

    /// Whether an answer is for an attachment that has ended. The next one may ask then.
    pub(super) fn is_unwanted_answer(&mut self, slot: Slot, name: &ChannelName) -> bool {
        let unwanted = !self.unanswered.is_empty() && self.unanswered.remove(&(slot, name.clone()));
        if unwanted && let Some((channel, _)) = self.locate(slot, name) {
            self.queue_catch_up(slot, channel);
        }
        unwanted
    }

    pub(super) fn is_blocked(&self, slot: Slot) -> bool {
        self.connection(slot).is_some_and(|connection| connection.blocked_since_ms.is_some())
    }

    fn behind(&self, slot: Slot, channel: u32) -> Option<(u64, u16, bool)> {
        let connection = self.connection(slot).filter(|connection| !connection.closing)?;
        let place = connection.attachments.get(channel)?;
        match self.channels.get(channel as usize)?.attachments.get(place as usize)?.position {
            Position::Behind { after, skip, reading } => Some((after, skip, reading)),
            Position::Live | Position::Rewinding => None,
        }
    }

    fn catch_up_one(&mut self, now: Now, world: &impl World, slot: Slot, channel: u32) {
        match self.attachment_mut(slot, channel) {
            Some(attachment) => attachment.queued = false,
            None => return,
        }
        self.find_rewind(slot, channel);
        let Some((after, skip, reading)) = self.behind(slot, channel) else { return };
        if reading || self.is_blocked(slot) {
            return;
        }
        let (id, partition) =
            (self.channels[channel as usize].id.clone(), self.channels[channel as usize].partition);
        let until = self.cursor(partition).seq;
        if after > until {
            // It comes from a faster shard or node: nothing to give until this one is there too.
            return self.wait_ahead(slot, channel);
        }
        if !self.subscribes(slot, channel) {
            return self.put_position(slot, channel, Position::Live);
        }
        match world.recent(&id, partition, after, until, usize::MAX) {
            Recent::Held(entries) => {
                self.tally.caught_up_from_ring += 1;
                self.give(now, slot, channel, entries, until, skip);
            }
            // The answer to an older question must come first; then this is asked again.
            Recent::Evicted if self.unanswered.contains(&(slot, id.name.clone())) => {}
            Recent::Evicted => {
                self.put_position(slot, channel, Position::Behind { after, skip, reading: true });
                self.effects.push(Effect::ReadBacklog { slot, channel: id, partition, after, until });
            }
        }
    }

    fn wait_ahead(&mut self, slot: Slot, channel: u32) {
        if let Some(attachment) = self.attachment_mut(slot, channel) {
            attachment.queued = true;
            self.ahead.push((slot, channel));
        }
    }

    /// The outcome of [`Effect::ReadBacklog`]: exactly one for each.
    pub fn backlog(
        &mut self,
        now: Now,
        world: &impl World,
        slot: Slot,
        name: &ChannelName,
        backlog: Backlog,
    ) {
        if self.is_unwanted_answer(slot, name) {
            return;
        }
        let Some((channel, _)) = self.locate(slot, name) else { return };
        let Some((after, skip, true)) = self.behind(slot, channel) else { return };
        self.put_position(slot, channel, Position::Behind { after, skip, reading: false });
        let cursor = self.cursor(self.channels[channel as usize].partition);
        match backlog {
            // It is read again when the client reads again: nothing waits here for it (MEM-1).
            _ if self.is_blocked(slot) => {}
            Backlog::Entries { mut entries, until } => {
                self.tally.caught_up_from_history += 1;
                // What is beyond the cursor comes by the fan-out; what is not beyond `after`, it has.
                let until = until.clamp(after, cursor.seq.max(after));
                entries.retain(|entry| after < entry.serial.seq && entry.serial.seq <= until);
                self.give(now, slot, channel, entries, until, skip);
            }
            Backlog::Unavailable => self.queue_catch_up(slot, channel),
            Backlog::Lost => {
                let text =
                    "messages after the attachment's position are no longer held: messages were missed";
                let error = ErrorInfo::new(ErrorCode::ChannelContinuityLost, text);
                self.put_position(slot, channel, Position::Live);
                self.send_attached(
                    world,
                    slot,
                    channel,
                    cursor,
                    Flags::default(),
                    &Default::default(),
                    Some(error),
                );
            }
        }
    }

    /// Writes what an attachment missed, a piece at a time; complete up to `until`.
    fn give(
        &mut self,
        now: Now,
        slot: Slot,
        channel: u32,
        mut entries: Vec<Arc<FeedEntry>>,
        until: u64,
        skip: u16,
    ) {
        let piece = piece(&entries).min(self.limits.catch_up_entries);
        let whole = entries.len() <= piece;
        entries.truncate(piece);
        let reached = if whole { until } else { entries.last().map_or(until, |entry| entry.serial.seq) };
        let Some(connection) = self.connection_mut(slot) else { return };
        connection.written_ms = now.mono_ms;
        let (format, echo, id) = (connection.format, connection.echo, connection.id.clone());
        let subscribes = self.subscribes(slot, channel);
        let mut skip = usize::from(skip);
        for entry in entries {
            let own = !echo && entry.origin() == Some(id.as_str());
            let skip = std::mem::take(&mut skip);
            if subscribes && !own {
                let frame = match skip {
                    0 => entry.frame(format).clone(),
                    _ => render::message_frame(&entry, &entry.messages(), skip, format),
                };
                self.writes.push((slot.index, frame));
                self.tally.delivered += 1;
            }
        }
        let cursor = self.cursor(self.channels[channel as usize].partition).seq;
        let position = match reached >= cursor {
            true => Position::Live,
            false => Position::Behind { after: reached, skip: 0, reading: false },
        };
        self.put_position(slot, channel, position);
        if position != Position::Live {
            self.queue_catch_up(slot, channel);
        }
    }

    fn subscribes(&self, slot: Slot, channel: u32) -> bool {
        let place = self.connection(slot).and_then(|connection| connection.attachments.get(channel));
        place.is_some_and(|place| self.channels[channel as usize].attachments[place as usize].subscribes())
    }

    pub(super) fn put_position(&mut self, slot: Slot, channel: u32, position: Position) {
        if let Some(attachment) = self.attachment_mut(slot, channel) {
            attachment.position = position;
        }
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
                attachment.position = Position::Behind { after: cursor, skip: 0, reading: false };
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
        self.send_attached(world, slot, channel, cursor, Flags::default(), &Default::default(), None);
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

/// How many of the entries make a piece: at least one.
fn piece(entries: &[Arc<FeedEntry>]) -> usize {
    let mut bytes = 0;
    let fits = entries.iter().take_while(|entry| {
        let fits = bytes < PIECE_BYTES_MAX;
        bytes += entry.body.len();
        fits
    });
    fits.count()
}
