//! Rights that change under open connections: what is no longer permitted ends at once (SEC-1).

use std::sync::Arc;

use loquat_protocol::{ErrorCode, ErrorInfo, Flags};

use super::{Shard, attach::admitted, attached::Attached};
use crate::{Changed, Effect, Now, Slot, World, channel::Position};

impl Shard {
    /// The rights of some clients may have changed: of their connections, those that are revoked end, attachments that
    /// are no longer permitted fail, others lose or regain modes among those asked for, and members leave. Nothing is
    /// given to an attachment after it that its rights do not permit; so call it before the next entries.
    pub fn rights_changed(&mut self, now: Now, world: &impl World, changed: &Changed) {
        let concerned = self
            .connections
            .iter()
            .filter(|(_, connection)| !connection.closing && changed.concerns(connection.rights.identity()));
        let slots: Vec<_> = concerned
            .map(|(index, connection)| Slot { index: index as u32, generation: connection.generation })
            .collect();
        for slot in slots {
            self.check_rights(now, slot);
            self.recheck_attachments(world, slot);
        }
    }

    /// After new rights: attachments that are no longer permitted fail, others have the modes that are, and members leave
    /// where they may not be.
    pub(super) fn recheck_attachments(&mut self, world: &impl World, slot: Slot) {
        let Some(connection) = self.connection(slot).filter(|connection| !connection.closing) else { return };
        let rights = Arc::clone(&connection.rights);
        for (channel, place) in connection.attachments.all() {
            let name = self.channels[channel as usize].id.name.clone();
            let admitted = admitted(rights.operations(name.as_str()));
            let attachment = &self.channels[channel as usize].attachments[place as usize];
            let (before, now) = (attachment.modes, attachment.asked & admitted);
            if now.is_empty() {
                let text = format!("the channel '{name}' is no longer permitted");
                self.fail_channel(slot, name.as_str(), ErrorInfo::new(ErrorCode::NotPermitted, text));
            } else if now != before {
                self.change_modes(world, slot, channel, place, now);
            }
        }
        self.check_members(slot);
    }

    /// Also of members who entered without an attachment: the node knows them all.
    pub(super) fn check_members(&mut self, slot: Slot) {
        let Some(connection) = self.connection(slot) else { return };
        let (connection, rights) = (connection.id.clone(), Arc::clone(&connection.rights));
        self.effects.push(Effect::CheckMembers { connection, rights });
    }

    /// Tells the client its modes. What was missed while messages were not permitted is missed: then it is told without
    /// RESUMED, so that it looks into history (GAP-1).
    fn change_modes(&mut self, world: &impl World, slot: Slot, channel: u32, place: u32, now: Flags) {
        let before = self.set_modes(channel, place, now);
        if self.reached(channel, place).is_none() {
            // ATTACHED comes when the start is known.
            return;
        }
        let subscribes = |modes: Flags| modes.contains(Flags::SUBSCRIBE);
        if subscribes(before) != subscribes(now) {
            self.start_afresh(slot, channel, place);
        }
        let flags = match subscribes(now) && !subscribes(before) {
            true => Flags::default(),
            false => Flags::RESUMED,
        };
        if let Some(serial) = self.reached(channel, place) {
            self.send_attached(world, slot, channel, serial, Attached { flags, ..Attached::default() });
        }
    }

    /// The attachment goes on from the present, whatever it was to be given before.
    fn start_afresh(&mut self, slot: Slot, channel: u32, place: u32) {
        let fresh = self.present(slot, self.channels[channel as usize].partition);
        let entry = &mut self.channels[channel as usize];
        let old = std::mem::replace(&mut entry.attachments[place as usize].position, fresh);
        if matches!(old, Position::Behind { reading: true, .. }) {
            self.unanswered.insert((slot, entry.id.name.clone()));
        }
    }
}
