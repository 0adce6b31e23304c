//! A channel as one shard knows it: who is attached here.

use std::sync::OnceLock;

use bytes::Bytes;
use loquat_protocol::{
    Action, ChannelId, ChannelName, Flags, Format, PartitionId, ProtocolMessage, entry::MessagesPayload,
};

use crate::render;

/// Where an attachment stands in the channel's stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Position {
    /// It has everything that the shard has seen; the next entry is written to it at once.
    Live,
    /// It has everything up to `after` and must be given what follows before it is live. `reading`: an answer to
    /// a read is awaited; `skip`: so many messages of the first entry are left out (rewind by count).
    Behind {
        /// The last sequence number that it has.
        after: u64,
        /// Messages of the first entry to leave out.
        skip: u16,
        /// Whether an answer is awaited.
        reading: bool,
    },
    /// It waits to learn where its rewind starts; nothing is written to it.
    Rewinding,
}

impl Position {
    /// Behind by all that comes after a sequence number; nothing is read for it yet.
    pub(crate) fn behind(after: u64) -> Self {
        Self::Behind { after, skip: 0, reading: false }
    }
}

/// One connection's attachment to a channel.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The connection's index in the shard.
    pub connection: u32,
    /// Modes that its client asked for.
    pub asked: Flags,
    /// Those of them that its rights admit.
    pub modes: Flags,
    /// The connection's format, here so that the fan-out need not look at the connection.
    pub format: Format,
    /// Whether the connection wants its own messages.
    pub echo: bool,
    /// Where it stands.
    pub position: Position,
    /// Presence changes up to this version are in the snapshot that it was given.
    pub presence_version: u64,
    /// It missed presence changes while it did not read, and needs a new snapshot.
    pub presence_stale: bool,
    /// It missed what the server alone says on its channel, and is to be told so.
    pub missed: bool,
    /// It stands in the shard's list of those to be given their next piece, once.
    pub queued: bool,
}

impl Attachment {
    /// Whether messages go to it.
    pub fn subscribes(&self) -> bool {
        self.modes.contains(Flags::SUBSCRIBE)
    }

    /// Whether presence events go to it.
    pub fn subscribes_presence(&self) -> bool {
        self.modes.contains(Flags::PRESENCE_SUBSCRIBE)
    }
}

/// A channel with at least one attachment on this shard.
#[derive(Debug)]
pub struct Channel {
    /// Which.
    pub id: ChannelId,
    /// Its partition.
    pub partition: PartitionId,
    /// The attachments, in no order.
    pub attachments: Vec<Attachment>,
    /// How many attachments use each format: frames are built only for formats in use.
    pub formats: [u32; 2],
}

/// A message that is never stored.
#[derive(Debug)]
pub struct EphemeralMessage {
    channel: ChannelId,
    payload: MessagesPayload,
    time_ms: u64,
    frames: [OnceLock<Bytes>; 2],
}

impl EphemeralMessage {
    /// A message for whoever is attached.
    pub fn new(channel: ChannelId, payload: MessagesPayload, time_ms: u64) -> Self {
        Self { channel, payload, time_ms, frames: Default::default() }
    }

    /// The channel.
    pub fn channel(&self) -> &ChannelId {
        &self.channel
    }

    /// Whether who misses it must be told: on a channel on which the server speaks to one person, who would otherwise
    /// believe what is no longer so. What people send one another to be forgotten (that they type) may be missed.
    pub fn is_needed(&self) -> bool {
        ChannelName::is_reserved(self.channel.name.as_str())
    }

    /// The connection that published it.
    pub fn origin(&self) -> Option<&str> {
        self.payload.connection_id.as_deref()
    }

    /// Its frame in a format. It has no channelSerial: there is nothing to resume from.
    pub fn frame(&self, format: Format) -> &Bytes {
        self.frames[format as usize].get_or_init(|| {
            let mut messages = self.payload.messages.clone();
            messages.iter_mut().for_each(|message| message.action = Some(0));
            let message = ProtocolMessage {
                connection_id: self.payload.connection_id.clone(),
                id: self.payload.id.clone(),
                timestamp: Some(self.time_ms as i64),
                messages,
                ..ProtocolMessage::of_channel(Action::Message, self.channel.name.as_str())
            };
            render::frame(&message, format)
        })
    }
}
