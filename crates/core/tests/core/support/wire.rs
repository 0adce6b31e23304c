//! Bytes for a socket, read as a client reads them.

use loquat_protocol::{Format, ProtocolMessage};

/// A WebSocket frame from the server.
#[derive(Debug)]
pub enum Received {
    /// A protocol message, in the format of its opcode.
    Message(Format, Box<ProtocolMessage>),
    /// A ping.
    Ping,
}

/// Reads the frames in a piece of output; the server writes whole, unmasked, unfragmented frames.
pub fn read(mut bytes: &[u8]) -> Vec<Received> {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        let (header, length) = match bytes[1] {
            126 => (4, u64::from(u16::from_be_bytes([bytes[2], bytes[3]]))),
            127 => (10, u64::from_be_bytes(bytes[2..10].try_into().expect("eight bytes"))),
            short => (2, u64::from(short)),
        };
        let (frame, rest) = bytes.split_at(header + length as usize);
        let decode = |format: Format| {
            let message = format.decode(&frame[header..]).expect("the server writes what clients can read");
            Received::Message(format, Box::new(message))
        };
        frames.push(match frame[0] {
            0x81 => decode(Format::Json),
            0x82 => decode(Format::Msgpack),
            0x89 => Received::Ping,
            other => panic!("a frame that starts with {other:#x}"),
        });
        bytes = rest;
    }
    frames
}
