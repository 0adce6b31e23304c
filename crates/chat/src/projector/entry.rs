//! What an entry of the log says in a room.

use loquat_protocol::{Data, Message, MessageSerial, Serial, entry::decode_messages, room::room_of};
use loquat_store::people::{PersonId, RoomId};
use serde_json::Value;

/// The name of the channel's messages that are messages of the room.
const MESSAGE_NAME: &str = "chat.message";

/// An entry of the log, of messages of one channel.
#[derive(Clone, Copy, Debug)]
pub struct LogEntry<'a> {
    /// The channel's name.
    pub channel: &'a str,
    /// Where the entry stands in its partition.
    pub serial: Serial,
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// The entry's payload, without its header.
    pub payload: &'a [u8],
}

/// Something that somebody said in a room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// The room.
    pub room: RoomId,
    /// The message's serial.
    pub serial: String,
    /// Who said it; `None`: a program, or nobody says who.
    pub author: Option<PersonId>,
    /// When, milliseconds since 1970.
    pub time_ms: u64,
    /// What; empty when it cannot be read.
    pub text: String,
}

/// What an entry says, in order: nothing when its channel is no room's.
pub fn said(entry: &LogEntry<'_>) -> Vec<Said> {
    let Some(Ok(room)) = room_of(entry.channel).map(RoomId::parse) else { return Vec::new() };
    let payload = match decode_messages(entry.payload) {
        Ok(payload) => payload,
        Err(error) => {
            tracing::error!(%error, serial = %entry.serial, "a message cannot be read and is not counted");
            return Vec::new();
        }
    };
    let numbered = payload.messages.into_iter().zip(0_u16..);
    let said = numbered.filter(|(message, _)| is_said(message)).map(|(message, index)| Said {
        room: room.clone(),
        serial: MessageSerial { entry: entry.serial, index }.to_string(),
        author: message.client_id.as_deref().and_then(|client| PersonId::parse(client).ok()),
        time_ms: entry.time_ms,
        text: text(&message).unwrap_or_default(),
    });
    said.collect()
}

fn is_said(message: &Message) -> bool {
    message.name.as_deref() == Some(MESSAGE_NAME) && message.action.is_none_or(|action| action == 0)
}

fn text(message: &Message) -> Option<String> {
    let data = match (&message.data, message.encoding.as_deref()) {
        (Data::Text(text), Some("json")) => serde_json::from_str(text).ok()?,
        (Data::Value(value), _) => value.clone(),
        _ => return None,
    };
    match data {
        Value::Object(mut fields) => match fields.remove("text") {
            Some(Value::String(text)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}
