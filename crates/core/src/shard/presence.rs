//! PRESENCE and SYNC.

use std::sync::Arc;

use bytes::Bytes;
use loquat_protocol::{
    Action, ChannelId, ChannelName, ErrorCode, ErrorInfo, Flags, Format, Operation, PresenceAction,
    PresenceMessage, ProtocolMessage, room::set_user_claim,
};

use super::Shard;
use crate::{
    Effect, Now, Slot, World,
    channel::Position,
    effect::Ticket,
    presence::{Change, EventId, Members},
    publish::accept_client_id,
    render,
};

/// Members in one SYNC frame.
const SYNC_PAGE: usize = 100;

impl Shard {
    pub(super) fn presence(&mut self, now: Now, slot: Slot, message: ProtocolMessage) {
        let msg_serial = message.msg_serial;
        if let Err(error) = self.try_presence(now, slot, message) {
            self.refuse_serial(slot, msg_serial, error);
        }
    }

    fn try_presence(&mut self, now: Now, slot: Slot, message: ProtocolMessage) -> Result<(), ErrorInfo> {
        let no_serial = || ErrorInfo::new(ErrorCode::ProtocolError, "a PRESENCE must carry a msgSerial");
        let msg_serial = message.msg_serial.ok_or_else(no_serial)?;
        let name = ChannelName::parse(message.channel.as_deref().unwrap_or_default())?;
        self.take_allowance(now, slot, message.presence.len())?;
        self.permit(slot, &name, Operation::Presence, Flags::PRESENCE)?;
        // Not only while attached: after a resume clients send what was not acknowledged before they attach again.
        if message.presence.len() > self.limits.messages_per_frame_max {
            return Err(ErrorInfo::from(ErrorCode::MessageTooLarge));
        }
        let Some(connection) = self.connection(slot) else { return Ok(()) };
        let mut events = message.presence;
        let mut size = 0;
        for (index, event) in events.iter_mut().enumerate() {
            complete(event, connection.rights.identity())?;
            set_user_claim(&mut event.extras, connection.rights.user_claim(name.as_str()));
            let place = EventId { msg_serial, index: index as u32 };
            event.id = Some(event_id(event, connection.id.as_str(), place));
            event.connection_id = Some(connection.id.as_str().to_owned());
            event.timestamp = Some(now.wall_ms as i64);
            size += event.size();
        }
        if size > self.limits.message_bytes_max {
            let text = format!("presence of {size} bytes; the limit is {}", self.limits.message_bytes_max);
            return Err(ErrorInfo::new(ErrorCode::MessageTooLarge, text));
        }
        connection.rights.admit_passing(events.len(), now.wall_ms)?;
        let ticket = Ticket { slot, msg_serial };
        let channel = ChannelId::new(connection.rights.app().clone(), name);
        self.effects.push(Effect::Presence { ticket: Some(ticket), channel, events });
        self.expect(ticket);
        Ok(())
    }

    pub(super) fn sync(&mut self, slot: Slot, message: ProtocolMessage) {
        let name = message.channel.unwrap_or_default();
        let place = ChannelName::parse(&name).ok().and_then(|name| self.locate(slot, &name));
        match place {
            Some((channel, place)) => {
                if !self.channels[channel as usize].attachments[place as usize].subscribes_presence() {
                    let text = format!(
                        "the channel '{name}' was attached without the mode that a presence sync needs"
                    );
                    return self.fail_channel(slot, &name, ErrorInfo::new(ErrorCode::ModeMissing, text));
                }
                self.owe_members(slot, channel, place);
            }
            None => {
                let text = format!("a presence sync needs the channel '{name}' to be attached");
                self.channel_error(slot, &name, ErrorInfo::new(ErrorCode::InvalidChannelState, text));
            }
        }
    }

    /// Owes an attachment a snapshot of the members: one at the end of the turn, however often it is asked for in it. Who
    /// does not read is given it when they read again: nothing large waits for them (MEM-1).
    pub(super) fn owe_members(&mut self, slot: Slot, channel: u32, place: u32) {
        self.channels[channel as usize].attachments[place as usize].presence_stale = true;
        if !self.is_blocked(slot) {
            self.members_due.push((slot, channel));
        }
    }

    pub(super) fn give_due_members(&mut self, world: &impl World) {
        for (slot, channel) in std::mem::take(&mut self.members_due) {
            let connection = self.connection(slot).filter(|connection| !connection.closing);
            let Some(place) = connection.and_then(|connection| connection.attachments.get(channel)) else {
                continue;
            };
            if self.is_blocked(slot) {
                continue;
            }
            let attachment = &mut self.channels[channel as usize].attachments[place as usize];
            let is_owed = std::mem::take(&mut attachment.presence_stale);
            // One that waits for its rewind gets a snapshot with its ATTACHED.
            if is_owed && attachment.subscribes_presence() && attachment.position != Position::Rewinding {
                let members = world.members(&self.channels[channel as usize].id);
                self.give_members(slot, channel, place, members);
            }
        }
    }

    /// Sends a snapshot of the members as SYNC frames; later changes follow as PRESENCE.
    pub(super) fn give_members(&mut self, slot: Slot, channel: u32, place: u32, members: Members) {
        let attachment = &mut self.channels[channel as usize].attachments[place as usize];
        attachment.presence_version = members.version;
        let name = self.channels[channel as usize].id.name.clone();
        if members.present.is_empty() {
            return self.send_empty_sync(slot, name.as_str(), members.version);
        }
        let pages = members.present.chunks(SYNC_PAGE).count();
        for (page, chunk) in members.present.chunks(SYNC_PAGE).enumerate() {
            let cursor = if page + 1 == pages { String::new() } else { (page + 1).to_string() };
            let present = |event: &Arc<PresenceMessage>| PresenceMessage {
                action: PresenceAction::Present as u8,
                ..PresenceMessage::clone(event)
            };
            let sync = ProtocolMessage {
                channel_serial: Some(format!("{}:{cursor}", members.version)),
                presence: chunk.iter().map(present).collect(),
                ..ProtocolMessage::of_channel(Action::Sync, name.as_str())
            };
            self.send(slot, &sync);
        }
    }

    /// Tells a client that may think otherwise that nobody is there.
    fn send_empty_sync(&mut self, slot: Slot, channel: &str, version: u64) {
        if let Some(connection) = self.connection_mut(slot) {
            let bytes = render::empty_sync(channel, version, connection.format);
            self.write_frame(slot.index, bytes);
        }
    }

    /// Changes were dropped on the way: everybody gets a fresh snapshot.
    pub fn presence_lost(&mut self, world: &impl World) {
        for slot in self.slots() {
            let Some(connection) = self.connection(slot) else { continue };
            for (channel, place) in connection.attachments.all() {
                let blocked =
                    self.connection(slot).is_some_and(|connection| connection.blocked_since_ms.is_some());
                let attachment = &mut self.channels[channel as usize].attachments[place as usize];
                let wants = attachment.subscribes_presence() && attachment.position != Position::Rewinding;
                if wants && blocked {
                    attachment.presence_stale = true;
                } else if wants {
                    let members = world.members(&self.channels[channel as usize].id);
                    self.give_members(slot, channel, place, members);
                }
            }
        }
    }

    /// Changes of the node's member table, in the order of their versions.
    pub fn presence_changes(&mut self, now: Now, changes: &[Change]) {
        for change in changes {
            self.presence_change(now, change);
        }
    }

    fn presence_change(&mut self, now: Now, change: &Change) {
        let Some(channel) = self.channel_by_id.get(&change.channel) else { return };
        let mut frames: [Option<Bytes>; 2] = [None, None];
        for attachment in &mut self.channels[*channel as usize].attachments {
            // One that waits for its rewind gets a snapshot with its ATTACHED.
            let wants = attachment.subscribes_presence() && attachment.position != Position::Rewinding;
            if !wants || change.version <= attachment.presence_version {
                continue;
            }
            let connection = &mut self.connections[attachment.connection as usize];
            if connection.blocked_since_ms.is_some() || attachment.presence_stale {
                // The snapshot that it is owed has this change.
                attachment.presence_stale = true;
                continue;
            }
            connection.written_ms = now.mono_ms;
            let format = attachment.format;
            let frame = frames[format as usize].get_or_insert_with(|| presence_frame(change, format));
            self.writes.push((attachment.connection, frame.clone()));
        }
    }
}

fn presence_frame(change: &Change, format: Format) -> Bytes {
    let presence = ProtocolMessage {
        timestamp: change.event.timestamp,
        presence: vec![PresenceMessage::clone(&change.event)],
        ..ProtocolMessage::of_channel(Action::Presence, change.channel.name.as_str())
    };
    render::frame(&presence, format)
}

fn complete(event: &mut PresenceMessage, identity: &crate::Identity) -> Result<(), ErrorInfo> {
    event.normalise()?;
    let known = matches!(
        PresenceAction::from_number(event.action),
        Some(
            PresenceAction::Enter | PresenceAction::Leave | PresenceAction::Update | PresenceAction::Present
        )
    );
    if !known {
        let text = format!("presence action {} cannot be sent; use enter, update or leave", event.action);
        return Err(ErrorInfo::new(ErrorCode::BadRequest, text));
    }
    if event.extras.as_ref().is_some_and(|extras| !extras.is_object()) {
        return Err(ErrorInfo::new(ErrorCode::InvalidExtras, "extras must be a JSON object"));
    }
    event.client_id = accept_client_id(identity, event.client_id.take())?;
    match event.client_id {
        Some(_) => Ok(()),
        None => Err(ErrorInfo::new(
            ErrorCode::InvalidClientId,
            "presence needs a clientId: the connection has none and the frame gives none",
        )),
    }
}

/// The id of an event: its place among the connection's. Who enters again after a resume gives the id of when they
/// entered (RTP17g), and keeps it: to others nothing has happened.
fn event_id(event: &PresenceMessage, connection: &str, place: EventId) -> String {
    let given = event.id.as_deref().and_then(|id| EventId::parse(id, connection));
    let again = given.filter(|given| event.action == PresenceAction::Enter as u8 && *given < place);
    let EventId { msg_serial, index } = again.unwrap_or(place);
    format!("{connection}:{msg_serial}:{index}")
}
