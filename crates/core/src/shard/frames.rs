//! A frame from a client: which it is, and what is wrong with it.

use loquat_protocol::{Action, ChannelName, ErrorCode, ErrorInfo, Format, ProtocolMessage, codec::lenient};

use super::Shard;
use crate::{
    Effect, Now, Slot, World,
    effect::{CloseReason, Ticket},
};

impl Shard {
    /// A complete frame came. `format` is that of the WebSocket message: text is JSON, binary is msgpack.
    pub fn frame(&mut self, now: Now, world: &impl World, slot: Slot, format: Format, payload: &[u8]) {
        if self.connection_mut(slot).is_none() {
            return;
        }
        if !is_object(format, payload) {
            let text = format!("cannot be read as {}: a frame is an object", format.content_type());
            return self.fail(slot, Action::Error, ErrorInfo::new(ErrorCode::BadRequest, text));
        }
        match format.decode::<ProtocolMessage>(payload) {
            Ok(message) => self.message(now, world, slot, message),
            Err(error) => self.unreadable(slot, format, payload, error),
        }
    }

    fn message(&mut self, now: Now, world: &impl World, slot: Slot, message: ProtocolMessage) {
        match message.action() {
            Some(Action::Heartbeat) => {
                let echo = ProtocolMessage { id: message.id, ..ProtocolMessage::new(Action::Heartbeat) };
                self.send(slot, &echo);
            }
            Some(Action::Message) => self.publish(now, slot, message),
            Some(Action::Presence) => self.presence(now, slot, message),
            Some(Action::Attach) => self.attach(world, slot, message),
            Some(Action::Detach) => self.detach(slot, message),
            Some(Action::Sync) => self.sync(slot, message),
            Some(Action::Auth) => self.reauthenticate(slot, message),
            Some(Action::Close) => self.closed_by_client(slot),
            Some(Action::Disconnect) => {
                let last = ProtocolMessage::new(Action::Disconnected);
                self.close_with(slot, &last, CloseReason::Client);
            }
            Some(Action::Annotation | Action::Object) => {
                let text = "annotations and objects are not available in this release";
                self.refuse_serial(slot, message.msg_serial, ErrorInfo::new(ErrorCode::NotImplemented, text));
            }
            // Unknown actions and those that only servers send are tolerated (RSF1).
            _ => {}
        }
    }

    fn reauthenticate(&mut self, slot: Slot, message: ProtocolMessage) {
        match message.auth.and_then(|auth| auth.access_token) {
            Some(token) => self.effects.push(Effect::Authenticate { slot, token }),
            None => {
                let error =
                    ErrorInfo::new(ErrorCode::TokenError, "an AUTH frame must carry auth.accessToken");
                self.fail(slot, Action::Error, error);
            }
        }
    }

    /// A frame whose fields have wrong types still gets its answer in the right place; bytes that are no frame at all
    /// end the connection.
    fn unreadable(&mut self, slot: Slot, format: Format, payload: &[u8], error: ErrorInfo) {
        let envelope = lenient::envelope(format, payload).unwrap_or_default();
        let action = envelope.action.and_then(Action::from_number);
        match (action, envelope.channel) {
            (Some(action), _) if action.is_acknowledged() && envelope.msg_serial.is_some() => {
                self.refuse_serial(slot, envelope.msg_serial, error);
            }
            (Some(Action::Attach | Action::Detach), Some(channel)) => {
                self.fail_channel(slot, &channel, error)
            }
            // Frames of a later protocol may have fields of other types (RSF1).
            (None, _) if envelope.action.is_some() => {}
            _ => self.fail(slot, Action::Error, error),
        }
    }

    /// NACKs a frame in its turn; a frame without a number breaks the protocol.
    pub(super) fn refuse_serial(&mut self, slot: Slot, msg_serial: Option<i64>, error: ErrorInfo) {
        let Some(msg_serial) = msg_serial else {
            let error =
                ErrorInfo::new(ErrorCode::ProtocolError, "frames of this action must carry a msgSerial");
            return self.fail(slot, Action::Error, error);
        };
        // A refusal that must wait for its turn is in flight like a publish.
        self.expect(Ticket { slot, msg_serial });
        if let Some(connection) = self.connection_mut(slot) {
            connection.settle(msg_serial, Err(error));
            self.flush_answers(slot);
        }
    }

    /// A channel fails: its attachment ends, and its members of this connection leave.
    pub(super) fn fail_channel(&mut self, slot: Slot, channel: &str, error: ErrorInfo) {
        if let Ok(name) = ChannelName::parse(channel) {
            self.leave_channel(slot, &name);
        }
        self.channel_error(slot, channel, error);
    }

    /// Tells a client that a channel has failed.
    pub(super) fn channel_error(&mut self, slot: Slot, channel: &str, error: ErrorInfo) {
        let frame =
            ProtocolMessage { error: Some(error), ..ProtocolMessage::of_channel(Action::Error, channel) };
        self.send(slot, &frame);
    }
}

/// Whether a payload begins as an object does. The codecs would read a list too, as fields in the order of our type.
fn is_object(format: Format, payload: &[u8]) -> bool {
    match format {
        Format::Json => payload.trim_ascii_start().first() == Some(&b'{'),
        Format::Msgpack => matches!(payload.first(), Some(0x80..=0x8f | 0xde | 0xdf)),
    }
}
