//! ATTACHED: what an attachment is, where it stands, and whether anybody is there.

use std::collections::BTreeMap;

use loquat_protocol::{Action, ErrorInfo, Flags, ProtocolMessage, Serial};

use super::Shard;
use crate::{Slot, World};

/// What an ATTACHED says beside where the attachment stands.
#[derive(Default)]
pub(super) struct Attached {
    /// How it came to stand there.
    pub flags: Flags,
    /// The parameters of the ATTACH that the server acts by.
    pub params: BTreeMap<String, String>,
    /// Why messages were missed.
    pub error: Option<ErrorInfo>,
}

impl Shard {
    /// Tells the client of its attachment, which has everything up to `serial`; the members follow if there are any.
    pub(super) fn send_attached(
        &mut self,
        world: &impl World,
        slot: Slot,
        channel: u32,
        serial: Serial,
        attached: Attached,
    ) {
        let id = self.channels[channel as usize].id.clone();
        let Some(place) = self.connection(slot).and_then(|connection| connection.attachments.get(channel))
        else {
            return;
        };
        let modes = self.channels[channel as usize].attachments[place as usize].modes;
        let members = modes.contains(Flags::PRESENCE_SUBSCRIBE).then(|| world.members(&id));
        let has_presence = members.as_ref().is_some_and(|members| !members.present.is_empty());
        let presence = if has_presence { Flags::HAS_PRESENCE } else { Flags::default() };
        let attached = ProtocolMessage {
            channel_serial: Some(serial.to_string()),
            flags: Some((modes | attached.flags | presence).0),
            params: Some(attached.params),
            error: attached.error,
            ..ProtocolMessage::of_channel(Action::Attached, id.name.as_str())
        };
        self.send(slot, &attached);
        match members {
            Some(_) if has_presence => self.owe_members(slot, channel, place),
            // ATTACHED without HAS_PRESENCE says that nobody is there (RTP1).
            Some(members) => {
                let attachment = &mut self.channels[channel as usize].attachments[place as usize];
                attachment.presence_version = members.version;
            }
            None => {}
        }
    }
}
