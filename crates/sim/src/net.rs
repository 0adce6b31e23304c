//! Modelled sockets: two queues, each end of which learns of a break in its own time.

use std::collections::VecDeque;

use bytes::Bytes;
use loquat_core::Slot;
use loquat_protocol::{Format, ProtocolMessage};

/// Frames that fit between the server and a client that does not read; then the server is told that it is blocked.
pub const ROOM: usize = 6;

/// A connection's socket.
#[derive(Debug)]
pub struct Socket {
    /// Which client.
    pub client: usize,
    /// Which shard serves it.
    pub shard: usize,
    /// Where; known once the server has accepted it.
    pub slot: Slot,
    /// What the client has sent and the server has not read.
    pub up: VecDeque<Bytes>,
    /// What the server has written and the client has not read.
    pub down: VecDeque<ProtocolMessage>,
    /// Whether the client still holds its end.
    pub client_open: bool,
    /// Whether the server still holds its end.
    pub server_open: bool,
    /// Whether the server was told that the socket takes nothing more.
    pub blocked: bool,
    /// Whether the server reads.
    pub reading: bool,
}

impl Socket {
    /// A socket that a client has opened to a shard.
    pub fn new(client: usize, shard: usize, slot: Slot) -> Self {
        Self {
            client,
            shard,
            slot,
            up: VecDeque::new(),
            down: VecDeque::new(),
            client_open: true,
            server_open: true,
            blocked: false,
            reading: true,
        }
    }
}

/// The protocol messages in a piece of output: whole, unmasked, unfragmented frames. Pings are left out.
pub fn messages(mut bytes: &[u8]) -> Vec<ProtocolMessage> {
    let mut messages = Vec::new();
    while let [opcode, short, ..] = *bytes {
        let (header, length) = match short {
            126 => (4, usize::from(u16::from_be_bytes([bytes[2], bytes[3]]))),
            127 => (10, bytes[2..10].iter().fold(0, |length, byte| (length << 8) | usize::from(*byte))),
            short => (2, usize::from(short)),
        };
        let (frame, rest) = bytes.split_at(header + length);
        let format = if opcode & 15 == 1 { Format::Json } else { Format::Msgpack };
        if opcode & 15 <= 2 {
            messages.extend(format.decode::<ProtocolMessage>(&frame[header..]));
        }
        bytes = rest;
    }
    messages
}
