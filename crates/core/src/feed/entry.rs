//! An entry of the feed.

use std::sync::OnceLock;

use bytes::Bytes;
use loquat_protocol::{
    AppId, ChannelId, ChannelName, Format, Serial,
    entry::{self, EntryKind, MessagesPayload},
};

use crate::render;

/// A durable entry as the node holds it: its place, its channel, its bytes, and its frames once somebody needs
/// them. Shared by every shard, so a frame is encoded once per format and node.
#[derive(Debug)]
pub struct FeedEntry {
    /// Its place.
    pub serial: Serial,
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// Messages or presence.
    pub kind: EntryKind,
    /// Its channel; empty names for an entry that cannot be read (its key was shredded).
    pub channel: ChannelId,
    /// The entry's bytes, header included.
    pub body: Bytes,
    /// Where the payload starts in `body`.
    payload_at: usize,
    /// The previous message entry of the same channel that the ring held when this one came; 0 for none.
    pub(super) previous_seq: u64,
    frames: [OnceLock<Bytes>; 2],
    origin: OnceLock<Option<Box<str>>>,
}

impl FeedEntry {
    /// Reads an entry's header. One that cannot be read gets no channel, so that nobody receives it.
    pub fn new(serial: Serial, time_ms: u64, body: Bytes) -> Self {
        let (kind, channel, payload_at) = match entry::decode_header(&body) {
            Ok(header) => (header.kind, header.channel_id(), body.len() - header.payload.len()),
            Err(_) => {
                let nowhere = ChannelId::new(AppId::from_trusted(""), ChannelName::from_trusted(""));
                (EntryKind::Message, nowhere, body.len())
            }
        };
        Self {
            serial,
            time_ms,
            kind,
            channel,
            body,
            payload_at,
            previous_seq: 0,
            frames: [OnceLock::new(), OnceLock::new()],
            origin: OnceLock::new(),
        }
    }

    /// The payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.body[self.payload_at..]
    }

    /// The messages; empty for an entry that holds none.
    pub fn messages(&self) -> MessagesPayload {
        match self.kind {
            EntryKind::Message => entry::decode_messages(self.payload()).unwrap_or_default(),
            EntryKind::Presence => MessagesPayload::default(),
        }
    }

    /// The WebSocket frame that carries the entry to a subscriber, the same for every subscriber of a format.
    pub fn frame(&self, format: Format) -> &Bytes {
        self.frames[format as usize].get_or_init(|| {
            let payload = self.messages();
            let frame = render::message_frame(self, &payload, 0, format);
            self.origin.get_or_init(|| payload.connection_id.map(String::into_boxed_str));
            frame
        })
    }

    /// The connection that published the entry.
    pub fn origin(&self) -> Option<&str> {
        self.origin.get_or_init(|| self.messages().connection_id.map(String::into_boxed_str)).as_deref()
    }

    /// What the entry may cost in memory, frames included.
    pub(super) fn cost_bytes(&self) -> usize {
        256 + self.body.len() * 3
    }
}
