//! The bytes of a log entry: a fixed header that can be read without decoding the rest, and a payload.
//!
//! ```text
//! version u8 | key id u32 | kind u8 | app length u8 | app | channel length u16 | channel | payload (msgpack)
//! ```
//! Numbers are big-endian. The version comes first so that a later layout can be told apart; the key id names
//! the key that the payload is encrypted with (0: in clear), so that shredding the key erases the payload.

use std::fmt;

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, SeqAccess, Visitor},
};

use crate::{AppId, ChannelId, ChannelName, Format, Message, PresenceMessage};

/// The layout that this release writes.
pub const ENTRY_VERSION: u8 = 1;

/// What an entry is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum EntryKind {
    /// Messages of one publish.
    Message = 1,
    /// Presence events, kept for presence history; live presence travels by the bus.
    Presence = 2,
}

/// The header of an entry, borrowed from its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EntryHeader<'a> {
    /// What the entry is about.
    pub kind: EntryKind,
    /// The key that the payload is encrypted with; 0 in clear.
    pub key_id: u32,
    /// The app.
    pub app: &'a str,
    /// The channel's name.
    pub channel: &'a str,
    /// The rest, msgpack.
    pub payload: &'a [u8],
}

impl EntryHeader<'_> {
    /// The channel, as an owned id.
    pub fn channel_id(&self) -> ChannelId {
        ChannelId::new(AppId::from_trusted(self.app), ChannelName::from_trusted(self.channel))
    }
}

/// Bytes that are no entry of this layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EntryError {
    /// Written by a later release.
    #[error("log entry version {0} is newer than this program understands")]
    Newer(u8),
    /// Encrypted with a key that is gone or unknown.
    #[error("log entry is encrypted with the unknown key {0}")]
    UnknownKey(u32),
    /// Not an entry.
    #[error("log entry is damaged")]
    Damaged,
}

/// The messages of one publish.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct MessagesPayload {
    /// The publishing connection.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<String>,
    /// The base id: message i without an id of its own has the id `<base>:<i>`.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The messages, in their order.
    #[serde(rename = "m")]
    pub messages: Vec<Message>,
}

/// The presence events of one frame.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PresencePayload {
    /// The events, in their order.
    #[serde(rename = "p")]
    pub presence: Vec<PresenceMessage>,
}

fn encode(kind: EntryKind, channel: &ChannelId, payload: &impl Serialize) -> Bytes {
    let (app, name) = (channel.app.as_str().as_bytes(), channel.name.as_str().as_bytes());
    let mut out = Vec::with_capacity(app.len() + name.len() + 192);
    out.push(ENTRY_VERSION);
    out.extend_from_slice(&0_u32.to_be_bytes());
    out.push(kind as u8);
    out.push(app.len() as u8);
    out.extend_from_slice(app);
    out.extend_from_slice(&(name.len() as u16).to_be_bytes());
    out.extend_from_slice(name);
    Format::Msgpack.encode_into(payload, &mut out);
    Bytes::from(out)
}

/// The bytes of an entry that holds messages.
pub fn encode_messages(channel: &ChannelId, payload: &MessagesPayload) -> Bytes {
    encode(EntryKind::Message, channel, payload)
}

/// The bytes of an entry that holds presence events.
pub fn encode_presence(channel: &ChannelId, payload: &PresencePayload) -> Bytes {
    encode(EntryKind::Presence, channel, payload)
}

fn take<'a>(input: &mut &'a [u8], length: usize) -> Result<&'a [u8], EntryError> {
    let (head, rest) = input.split_at_checked(length).ok_or(EntryError::Damaged)?;
    *input = rest;
    Ok(head)
}

fn text(bytes: &[u8]) -> Result<&str, EntryError> {
    std::str::from_utf8(bytes).map_err(|_| EntryError::Damaged)
}

/// Reads the header of an entry.
///
/// # Errors
/// See [`EntryError`].
pub fn decode_header(mut input: &[u8]) -> Result<EntryHeader<'_>, EntryError> {
    let input = &mut input;
    match take(input, 1)?[0] {
        ENTRY_VERSION => {}
        newer if newer > ENTRY_VERSION => return Err(EntryError::Newer(newer)),
        _ => return Err(EntryError::Damaged),
    }
    let key_id = u32::from_be_bytes(take(input, 4)?.try_into().map_err(|_| EntryError::Damaged)?);
    if key_id != 0 {
        return Err(EntryError::UnknownKey(key_id));
    }
    let kind = match take(input, 1)?[0] {
        1 => EntryKind::Message,
        2 => EntryKind::Presence,
        _ => return Err(EntryError::Damaged),
    };
    let app_length = usize::from(take(input, 1)?[0]);
    let app = text(take(input, app_length)?)?;
    let length = take(input, 2)?;
    let channel = text(take(input, usize::from(u16::from_be_bytes([length[0], length[1]])))?)?;
    Ok(EntryHeader { kind, key_id, app, channel, payload: input })
}

/// Decodes the payload of a message entry.
///
/// # Errors
/// [`EntryError::Damaged`].
pub fn decode_messages(payload: &[u8]) -> Result<MessagesPayload, EntryError> {
    Format::Msgpack.decode(payload).map_err(|_| EntryError::Damaged)
}

/// Decodes the payload of a presence entry.
///
/// # Errors
/// [`EntryError::Damaged`].
pub fn decode_presence(payload: &[u8]) -> Result<PresencePayload, EntryError> {
    Format::Msgpack.decode(payload).map_err(|_| EntryError::Damaged)
}

/// How many elements an array has, without keeping any.
#[derive(Default)]
struct Count(u16);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counting;
        impl<'de> Visitor<'de> for Counting {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Count, A::Error> {
                let mut count = 0_u16;
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    count = count.saturating_add(1);
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_seq(Counting)
    }
}

#[derive(Deserialize)]
struct Counted {
    #[serde(rename = "m", default)]
    messages: Count,
    #[serde(rename = "p", default)]
    presence: Count,
}

/// How many messages or presence events a payload holds, without decoding them; 0 when it cannot be read.
pub fn count_items(payload: &[u8]) -> u16 {
    Format::Msgpack.decode(payload).map_or(0, |counted: Counted| counted.messages.0 + counted.presence.0)
}
