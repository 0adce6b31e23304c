//! The frame types of RFC 6455 section 5.2.

/// What a frame carries. The discriminant is the opcode on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Opcode {
    /// A further part of the message that an earlier frame began.
    Continuation = 0x0,
    /// UTF-8 text.
    Text = 0x1,
    /// Arbitrary bytes.
    Binary = 0x2,
    /// The sender will send nothing more.
    Close = 0x8,
    /// Asks for a pong with the same payload.
    Ping = 0x9,
    /// Answers a ping, or comes unasked as a sign of life.
    Pong = 0xA,
}

impl Opcode {
    /// The opcode in the low nibble of a frame's first byte; `None` for the reserved ones (0x3-0x7, 0xB-0xF).
    pub fn from_nibble(nibble: u8) -> Option<Self> {
        Some(match nibble {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xA => Self::Pong,
            _ => return None,
        })
    }

    /// Whether this is a control frame: never fragmented, at most 125 bytes, allowed between fragments.
    pub fn is_control(self) -> bool {
        self as u8 & 0x8 != 0
    }
}
