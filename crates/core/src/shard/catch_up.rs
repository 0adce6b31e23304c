//! Attachments that are behind: after a resume, a rewind, or while their client did not read.

use std::sync::Arc;

use super::Shard;
use crate::{Effect, Now, Slot, World, channel::Position, feed::FeedEntry, render, world::Recent};

/// Bytes given to one connection in a turn, about: more is added once they have gone out.
const PIECE_BYTES_MAX: usize = 512 * 1024;

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

    pub(super) fn behind(&self, slot: Slot, channel: u32) -> Option<(u64, u16, bool)> {
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

    /// Writes what an attachment missed, a piece at a time; complete up to `until`.
    pub(super) fn give(
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
        let (format, id) = (connection.format, connection.id.clone());
        let echo = self.attachment_mut(slot, channel).is_some_and(|attachment| attachment.echo);
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
            false => Position::behind(reached),
        };
        self.put_position(slot, channel, position);
        if position != Position::Live {
            self.queue_catch_up(slot, channel);
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
