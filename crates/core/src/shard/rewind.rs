//! `rewind`: attachments that start in the past, once it is known where.

use std::collections::BTreeMap;

use loquat_protocol::{ChannelName, Flags, Serial, params::Rewind};

use super::{Shard, attached::Attached};
use crate::{Effect, Slot, World, channel::Position};

/// The outcome of [`Effect::FindRewind`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RewindStart {
    /// Deliver what comes after this.
    pub after: Serial,
    /// Messages of the first entry to leave out.
    pub skip: u16,
    /// Whether there is anything to deliver.
    pub backlog: bool,
}

/// A rewind whose start is searched.
#[derive(Debug)]
pub(super) struct WantedRewind {
    pub rewind: Rewind,
    /// What ATTACHED will echo.
    pub params: BTreeMap<String, String>,
    /// Whether an answer is awaited.
    pub asked: bool,
}

impl Shard {
    /// Asks where an attachment's rewind starts, unless that is asked already or an older answer must come first.
    pub(super) fn find_rewind(&mut self, slot: Slot, channel: u32) {
        let (id, partition) =
            (self.channels[channel as usize].id.clone(), self.channels[channel as usize].partition);
        let until = self.cursor(partition).seq;
        let Some(wanted) = self.rewinding.get_mut(&(slot, channel)) else { return };
        if !wanted.asked && !self.unanswered.contains(&(slot, id.name.clone())) {
            wanted.asked = true;
            let rewind = wanted.rewind;
            self.effects.push(Effect::FindRewind { slot, channel: id, partition, rewind, until });
        }
    }

    /// The outcome of [`Effect::FindRewind`].
    pub fn rewound(&mut self, world: &impl World, slot: Slot, name: &ChannelName, start: RewindStart) {
        if self.is_unwanted_answer(slot, name) {
            return;
        }
        let Some((channel, place)) = self.locate(slot, name) else { return };
        if self.channels[channel as usize].attachments[place as usize].position != Position::Rewinding {
            return;
        }
        let params = self.rewinding.remove(&(slot, channel)).map(|wanted| wanted.params).unwrap_or_default();
        self.put_position(
            slot,
            channel,
            Position::Behind { after: start.after.seq, skip: start.skip, reading: false },
        );
        let flags = if start.backlog { Flags::HAS_BACKLOG } else { Flags::default() };
        let attached = Attached { flags, params, ..Attached::default() };
        self.send_attached(world, slot, channel, start.after, attached);
        self.queue_catch_up(slot, channel);
    }
}
