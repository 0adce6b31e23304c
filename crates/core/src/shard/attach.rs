//! ATTACH: checks, and where the attachment starts.

use std::collections::BTreeMap;

use loquat_protocol::{
    ChannelId, ChannelName, ErrorCode, ErrorInfo, Flags, Operation, Operations, PartitionId, ProtocolMessage,
    Serial, params::ChannelParams,
};

use super::{Shard, attached::Attached, rewind::WantedRewind};
use crate::{
    Effect, Slot, World,
    channel::{Attachment, Channel, Position},
    world::Continuity,
};

/// The modes that a set of operations admits.
pub(super) fn admitted(operations: Operations) -> Flags {
    let pairs = [
        (Operation::Presence, Flags::PRESENCE),
        (Operation::Publish, Flags::PUBLISH),
        (Operation::Subscribe, Flags::SUBSCRIBE),
        (Operation::Subscribe, Flags::PRESENCE_SUBSCRIBE),
        (Operation::AnnotationPublish, Flags::ANNOTATION_PUBLISH),
        (Operation::AnnotationSubscribe, Flags::ANNOTATION_SUBSCRIBE),
        (Operation::ObjectSubscribe, Flags::OBJECT_SUBSCRIBE),
        (Operation::ObjectPublish, Flags::OBJECT_PUBLISH),
    ];
    let permitted = pairs.into_iter().filter(|(operation, _)| operations.contains(*operation));
    permitted.fold(Flags::default(), |modes, (_, mode)| modes | mode)
}

/// What an ATTACH asks for, checked.
struct Request {
    channel: ChannelId,
    partition: PartitionId,
    asked: Flags,
    modes: Flags,
    params: ChannelParams,
    serial: Option<String>,
}

impl Shard {
    pub(super) fn attach(&mut self, world: &impl World, slot: Slot, message: ProtocolMessage) {
        let name = message.channel.clone().unwrap_or_default();
        match self.check_attach(slot, message) {
            Ok(request) => self.attach_checked(world, slot, request),
            Err(error) => self.fail_channel(slot, &name, error),
        }
    }

    fn check_attach(&self, slot: Slot, message: ProtocolMessage) -> Result<Request, ErrorInfo> {
        let gone = || ErrorInfo::from(ErrorCode::ConnectionClosed);
        let connection = self.connection(slot).ok_or_else(gone)?;
        let name = ChannelName::parse(message.channel.as_deref().unwrap_or_default())?;
        let params = ChannelParams::parse(message.params.as_ref().unwrap_or(&BTreeMap::new()))?;
        let asked = params.modes.unwrap_or_else(|| message.flags().modes());
        let asked = if asked.is_empty() { Flags::DEFAULT_MODES } else { asked };
        let modes = asked & admitted(connection.rights.operations(name.as_str()));
        if modes.is_empty() {
            let text = format!("the capability does not permit to attach to the channel '{name}'");
            return Err(ErrorInfo::new(ErrorCode::NotPermitted, text));
        }
        if connection.attachments.len() >= self.limits.channels_max && self.attachment(slot, &name).is_none()
        {
            let text = format!("one connection can attach to {} channels", self.limits.channels_max);
            return Err(ErrorInfo::new(ErrorCode::TooManyChannels, text));
        }
        let channel = ChannelId::new(connection.rights.app().clone(), name);
        let partition = PartitionId::of(&channel, self.limits.partitions);
        // What the server says to one person is not stored: there is nothing to resume from.
        let resumable = !ChannelName::is_reserved(channel.name.as_str());
        let serial = message.channel_serial.filter(|serial| resumable && !serial.is_empty());
        Ok(Request { channel, partition, asked, modes, params, serial })
    }

    fn attach_checked(&mut self, world: &impl World, slot: Slot, request: Request) {
        if let Some((channel, place)) = self.locate(slot, &request.channel.name) {
            return self.attach_again(world, slot, channel, place, request);
        }
        let cursor = self.cursor(request.partition);
        let resume = request
            .serial
            .as_deref()
            .map(|serial| resume_point(world, &request.channel, request.partition, serial));
        let channel = self.add_attachment(slot, &request);
        let params = request.params.recognised;
        match (resume, request.params.rewind) {
            (Some(Ok(serial)), _) => {
                self.put_position(slot, channel, Position::behind(serial.seq));
                let attached = Attached { flags: Flags::RESUMED, params, ..Attached::default() };
                self.send_attached(world, slot, channel, serial, attached);
                self.queue_catch_up(slot, channel);
            }
            (Some(Err(error)), _) => {
                let attached = Attached { params, error: Some(error), ..Attached::default() };
                self.send_attached(world, slot, channel, cursor, attached);
            }
            (None, Some(rewind)) if request.modes.contains(Flags::SUBSCRIBE) => {
                self.put_position(slot, channel, Position::Rewinding);
                self.rewinding.insert((slot, channel), WantedRewind { rewind, params, asked: false });
                self.find_rewind(slot, channel);
            }
            (None, _) => {
                let attached = Attached { params, ..Attached::default() };
                self.send_attached(world, slot, channel, cursor, attached);
            }
        }
    }

    /// The same socket attaches again: frames are in order, so it goes on where it is.
    fn attach_again(&mut self, world: &impl World, slot: Slot, channel: u32, place: u32, request: Request) {
        let echo = self.wants_echo(slot, &request);
        let attachment = &mut self.channels[channel as usize].attachments[place as usize];
        (attachment.asked, attachment.echo) = (request.asked, echo);
        self.set_modes(channel, place, request.modes);
        let params = request.params.recognised;
        match self.reached(channel, place) {
            Some(serial) => {
                let attached = Attached { flags: Flags::RESUMED, params, ..Attached::default() };
                self.send_attached(world, slot, channel, serial, attached);
            }
            // ATTACHED comes when the start is known.
            None => {
                if let Some(wanted) = self.rewinding.get_mut(&(slot, channel)) {
                    wanted.params = params;
                }
            }
        }
    }

    /// Whether the connection gets its own messages on the channel: it can do without them, not get what it has refused.
    fn wants_echo(&self, slot: Slot, request: &Request) -> bool {
        !request.params.mute_echo && self.connection(slot).is_some_and(|connection| connection.echo)
    }

    fn add_attachment(&mut self, slot: Slot, request: &Request) -> u32 {
        let channel = match self.channel_by_id.get(&request.channel) {
            Some(channel) => *channel,
            None => {
                let (id, partition) = (request.channel.clone(), request.partition);
                let channel = Channel { id: id.clone(), partition, attachments: Vec::new(), formats: [0; 2] };
                let index = self.channels.insert(channel) as u32;
                self.channel_by_id.insert(id, index);
                index
            }
        };
        let (position, echo) = (self.present(slot, request.partition), self.wants_echo(slot, request));
        let connection = &mut self.connections[slot.index as usize];
        let entry = &mut self.channels[channel as usize];
        connection.attachments.put(channel, entry.attachments.len() as u32);
        entry.formats[connection.format as usize] += 1;
        entry.attachments.push(Attachment {
            connection: slot.index,
            asked: request.asked,
            modes: request.modes,
            format: connection.format,
            echo,
            position,
            presence_version: 0,
            presence_stale: false,
            missed: false,
            queued: false,
        });
        let occupancy =
            Effect::Occupancy { channel: request.channel.clone(), before: None, now: Some(request.modes) };
        self.effects.push(occupancy);
        channel
    }
}

/// Where a client that has everything up to `serial` goes on, or why it cannot.
fn resume_point(
    world: &impl World,
    channel: &ChannelId,
    partition: PartitionId,
    serial: &str,
) -> Result<Serial, ErrorInfo> {
    let unknown = || {
        let text = format!(
            "the channelSerial '{serial}' is not one of this channel's: messages may have been missed"
        );
        ErrorInfo::new(ErrorCode::ChannelSerialUnknown, text)
    };
    let parsed: Serial = serial.parse().map_err(|_| unknown())?;
    match world.continuity(channel, partition, parsed) {
        Continuity::Kept => Ok(parsed),
        Continuity::Unknown => Err(unknown()),
        Continuity::Expired => Err(ErrorInfo::new(
            ErrorCode::ChannelContinuityLost,
            "messages after the given channelSerial are no longer held: messages may have been missed",
        )),
    }
}
