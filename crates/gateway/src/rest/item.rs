//! Stored messages and presence events as REST shows them: every field filled in.

use loquat_core::feed::FeedEntry;
use loquat_protocol::{
    Message, MessageSerial, PresenceMessage,
    data::wire_encoding,
    entry::{EntryKind, decode_presence},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// A message that is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredMessage(Message);

#[derive(Serialize)]
struct Version<'a> {
    serial: Option<&'a str>,
    timestamp: Option<i64>,
}

/// The messages of an entry with their places, each with what its frame would say for all of them.
pub fn messages(entry: &FeedEntry) -> Vec<(u16, StoredMessage)> {
    complete(entry).into_iter().map(|(index, message)| (index, StoredMessage(message))).collect()
}

/// The same, not yet as REST shows them.
pub fn complete(entry: &FeedEntry) -> Vec<(u16, Message)> {
    let payload = entry.messages();
    let (connection_id, base) = (payload.connection_id, payload.id);
    let complete = |(index, message): (usize, Message)| {
        let index = index as u16;
        let serial = MessageSerial { entry: entry.serial, index };
        let message = Message {
            id: message.id.or_else(|| base.as_ref().map(|base| format!("{base}:{index}"))),
            connection_id: connection_id.clone(),
            timestamp: Some(entry.time_ms as i64),
            serial: Some(serial.to_string()),
            action: Some(message.action.unwrap_or(0)),
            ..message
        };
        (index, message)
    };
    payload.messages.into_iter().enumerate().map(complete).collect()
}

/// The presence events of an entry with their places.
pub fn presence(entry: &FeedEntry) -> Vec<(u16, PresenceMessage)> {
    match entry.kind {
        EntryKind::Presence => {
            (0..).zip(decode_presence(entry.payload()).unwrap_or_default().presence).collect()
        }
        EntryKind::Message => Vec::new(),
    }
}

impl Serialize for StoredMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(message) = self;
        let encoding =
            wire_encoding(&message.data, message.encoding.as_deref(), serializer.is_human_readable());
        let texts = [
            ("id", &message.id),
            ("name", &message.name),
            ("clientId", &message.client_id),
            ("connectionId", &message.connection_id),
            ("serial", &message.serial),
        ];
        let fields = texts.iter().filter(|(_, value)| value.is_some()).count()
            + usize::from(!message.data.is_none())
            + usize::from(encoding.is_some())
            + usize::from(message.extras.is_some())
            + 3;
        let mut map = serializer.serialize_map(Some(fields))?;
        for (name, value) in texts {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        if !message.data.is_none() {
            map.serialize_entry("data", &message.data)?;
        }
        if let Some(encoding) = encoding {
            map.serialize_entry("encoding", &*encoding)?;
        }
        if let Some(extras) = &message.extras {
            map.serialize_entry("extras", extras)?;
        }
        map.serialize_entry("timestamp", &message.timestamp)?;
        map.serialize_entry("action", &message.action)?;
        let version = Version { serial: message.serial.as_deref(), timestamp: message.timestamp };
        map.serialize_entry("version", &version)?;
        map.end()
    }
}
