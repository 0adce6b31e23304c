//! Frames to clients, as ready WebSocket frames.

use bytes::Bytes;
use loquat_protocol::{Action, Format, MessageSerial, ProtocolMessage, entry::MessagesPayload};
use loquat_ws::FrameBuilder;
use serde::Serialize;

use crate::feed::FeedEntry;

/// A protocol message as a WebSocket frame: text for JSON, binary for msgpack.
pub fn frame(message: &ProtocolMessage, format: Format) -> Bytes {
    encode(message, format)
}

fn encode(message: &impl Serialize, format: Format) -> Bytes {
    let mut builder = FrameBuilder::with_capacity(384);
    format.encode_into(message, builder.payload_vec());
    builder.finish(opcode(format))
}

fn opcode(format: Format) -> loquat_ws::Opcode {
    match format {
        Format::Json => loquat_ws::Opcode::Text,
        Format::Msgpack => loquat_ws::Opcode::Binary,
    }
}

/// The MESSAGE that carries an entry, without its first `skip` messages.
pub fn message(entry: &FeedEntry, payload: &MessagesPayload, skip: usize) -> ProtocolMessage {
    let messages = payload.messages.iter().enumerate().skip(skip).map(|(index, message)| {
        let mut message = message.clone();
        message.serial = Some(MessageSerial { entry: entry.serial, index: index as u16 }.to_string());
        message.action = Some(message.action.unwrap_or(0));
        if skip > 0 && message.id.is_none() {
            message.id = payload.id.as_ref().map(|base| format!("{base}:{index}"));
        }
        message
    });
    ProtocolMessage {
        channel_serial: Some(entry.serial.to_string()),
        connection_id: payload.connection_id.clone(),
        id: payload.id.clone(),
        timestamp: Some(entry.time_ms as i64),
        messages: messages.collect(),
        ..ProtocolMessage::of_channel(Action::Message, entry.channel.name.as_str())
    }
}

/// [`message`] as a ready frame.
pub fn message_frame(entry: &FeedEntry, payload: &MessagesPayload, skip: usize, format: Format) -> Bytes {
    frame(&message(entry, payload, skip), format)
}

/// A SYNC whose list of members is there and empty: clients take one without a list for no SYNC at all.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EmptySync<'a> {
    action: u8,
    channel: &'a str,
    channel_serial: String,
    presence: [(); 0],
}

/// The SYNC that says that nobody is there at a version of the member table.
pub fn empty_sync(channel: &str, version: u64, format: Format) -> Bytes {
    let channel_serial = format!("{version}:");
    let sync = EmptySync { action: Action::Sync as u8, channel, channel_serial, presence: [] };
    encode(&sync, format)
}
