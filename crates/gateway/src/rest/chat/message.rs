//! A room's message: how it travels in a channel's message, and how the chat SDKs see it.

use loquat_core::feed::FeedEntry;
use loquat_protocol::{Data, Message};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::rest::item;

/// The name of the channel's messages that are messages of the room.
const NAME: &str = "chat.message";

/// What somebody says in a room.
#[derive(Clone, PartialEq, Debug)]
pub struct Content {
    /// The text.
    pub text: String,
    /// What the application keeps with it.
    pub metadata: Map<String, Value>,
    /// What the application keeps with it and filters may look at: flat.
    pub headers: Map<String, Value>,
}

impl Content {
    /// As a message of the room's channel. `id` makes a second publish of it the first one again (DUP-1).
    pub fn into_message(self, id: Option<String>) -> Message {
        let fields = [("text", Value::String(self.text)), ("metadata", Value::Object(self.metadata))];
        let data = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let headers = |headers| Value::Object([("headers".to_owned(), headers)].into_iter().collect());
        Message {
            id,
            name: Some(NAME.to_owned()),
            data: Data::Value(Value::Object(data)),
            extras: (!self.headers.is_empty()).then(|| headers(Value::Object(self.headers))),
            ..Message::default()
        }
    }
}

/// A message of a room.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessage {
    serial: String,
    version: Version,
    text: String,
    /// Who wrote it; empty when nobody says so.
    pub client_id: String,
    action: &'static str,
    metadata: Map<String, Value>,
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_claim: Option<String>,
    timestamp: i64,
    reactions: Reactions,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct Version {
    serial: String,
    timestamp: i64,
}

/// By name, and none of them.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
struct Reactions {
    unique: Map<String, Value>,
    distinct: Map<String, Value>,
    multiple: Map<String, Value>,
}

impl ChatMessage {
    /// Reads a channel's complete message; `None` when it is no message of the room. What another client left out or
    /// wrote otherwise is empty, as it is for those who receive it live.
    pub fn of(message: Message) -> Option<Self> {
        let is_create = message.action.is_none_or(|action| action == 0);
        if message.name.as_deref() != Some(NAME) || !is_create {
            return None;
        }
        let mut data = data(&message);
        let mut extras = object(message.extras);
        let (serial, timestamp) = (message.serial?, message.timestamp?);
        Some(Self {
            version: Version { serial: serial.clone(), timestamp },
            serial,
            text: text(data.remove("text")).unwrap_or_default(),
            client_id: message.client_id.unwrap_or_default(),
            action: "message.create",
            metadata: object(data.remove("metadata")),
            headers: object(extras.remove("headers")),
            user_claim: text(extras.remove("userClaim")),
            timestamp,
            reactions: Reactions::default(),
        })
    }
}

/// The room's messages of an entry, with their places.
pub fn messages(entry: &FeedEntry) -> Vec<(u16, ChatMessage)> {
    let chat = |(index, message)| Some((index, ChatMessage::of(message)?));
    item::complete(entry).into_iter().filter_map(chat).collect()
}

fn data(message: &Message) -> Map<String, Value> {
    match (&message.data, message.encoding.as_deref()) {
        (Data::Text(text), Some("json")) => object(serde_json::from_str::<Value>(text).ok()),
        (Data::Value(value), _) => object(Some(value.clone())),
        _ => Map::new(),
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn text(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
