//! The realtime protocol's messages that are not deliveries (specification item TR4), decoded as far as a generator
//! needs them.

use std::borrow::Cow;

use serde::Deserialize;

use crate::wire::frame::opcode;

/// Action numbers (TR2).
pub mod action {
    /// Keeps the connection alive.
    pub const HEARTBEAT: u8 = 0;
    /// A publish is durable.
    pub const ACK: u8 = 1;
    /// A publish was refused.
    pub const NACK: u8 = 2;
    /// The server speaks first.
    pub const CONNECTED: u8 = 4;
    /// The connection or a channel failed.
    pub const ERROR: u8 = 9;
    /// Asks for a channel.
    pub const ATTACH: u8 = 10;
    /// Answers an attach.
    pub const ATTACHED: u8 = 11;
    /// A publish, or a delivery.
    pub const MESSAGE: u8 = 15;
}

/// ATTACHED: the attachment goes on where it was (TR3c).
pub const FLAG_RESUMED: u64 = 1 << 2;
/// ATTACH: the client wants to go on where it was (TR3f).
pub const FLAG_ATTACH_RESUME: u64 = 1 << 5;

/// A message from the server; what is absent on the wire has its default.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Control<'a> {
    /// Its kind.
    pub action: u8,
    /// First publish that an ACK or NACK is about.
    pub msg_serial: u64,
    /// How many publishes it is about.
    pub count: u64,
    /// ATTACHED and MESSAGE: bits of TR3.
    pub flags: u64,
    /// The channel, if it is about one.
    #[serde(borrow)]
    pub channel: Option<Cow<'a, str>>,
    /// Where in the channel this is.
    #[serde(borrow)]
    pub channel_serial: Option<Cow<'a, str>>,
    /// CONNECTED: which connection this is.
    #[serde(borrow)]
    pub connection_id: Option<Cow<'a, str>>,
    /// CONNECTED: how to resume it.
    #[serde(borrow)]
    pub connection_details: Option<Details<'a>>,
    /// What went wrong.
    #[serde(borrow)]
    pub error: Option<Problem<'a>>,
}

/// CONNECTED.connectionDetails (CD2).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Details<'a> {
    /// Resumes this connection.
    #[serde(borrow)]
    pub connection_key: Option<Cow<'a, str>>,
}

/// An ErrorInfo (TI1).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem<'a> {
    /// The protocol's code.
    pub code: u32,
    /// Its text.
    #[serde(borrow)]
    pub message: Option<Cow<'a, str>>,
}

impl Problem<'_> {
    /// Code and text in one line.
    pub fn line(&self) -> String {
        format!("{} {}", self.code, self.message.as_deref().unwrap_or(""))
    }
}

/// Decodes a text frame as JSON, a binary one as msgpack; `None` if it is neither, or another type of frame.
pub fn decode(frame_opcode: u8, payload: &[u8]) -> Option<Control<'_>> {
    match frame_opcode {
        opcode::TEXT => serde_json::from_slice(payload).ok(),
        opcode::BINARY => rmp_serde::from_slice(payload).ok(),
        _ => None,
    }
}
