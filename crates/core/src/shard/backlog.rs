//! Answers about the past: what an attachment missed that the ring no longer holds.

use std::sync::Arc;

use loquat_protocol::{ChannelName, ErrorCode, ErrorInfo};

use super::{Shard, attached::Attached};
use crate::{Now, Slot, World, channel::Position, feed::FeedEntry};

/// The outcome of [`crate::Effect::ReadBacklog`].
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
    /// The outcome of [`crate::Effect::ReadBacklog`]: exactly one for each.
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
                let attached = Attached { error: Some(error), ..Attached::default() };
                self.send_attached(world, slot, channel, cursor, attached);
            }
        }
    }

    /// Whether an answer is for an attachment that has ended. The next one may ask then.
    pub(super) fn is_unwanted_answer(&mut self, slot: Slot, name: &ChannelName) -> bool {
        let unwanted = !self.unanswered.is_empty() && self.unanswered.remove(&(slot, name.clone()));
        if unwanted && let Some((channel, _)) = self.locate(slot, name) {
            self.queue_catch_up(slot, channel);
        }
        unwanted
    }
}
