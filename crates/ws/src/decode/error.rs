//! Why a connection must be failed (RFC 6455 section 7.1.7).

use crate::close_code;

/// What a peer did wrong. The connection can't go on: send a close frame with [`close_code`](Self::close_code), then
/// shut the socket down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// An RSV bit is set although no extension was negotiated.
    #[error("reserved bit set")]
    ReservedBits,
    /// The opcode is one of the reserved ones.
    #[error("reserved opcode {0:#x}")]
    ReservedOpcode(u8),
    /// A client's frame is not masked.
    #[error("unmasked frame from a client")]
    Unmasked,
    /// A server's frame is masked.
    #[error("masked frame from a server")]
    Masked,
    /// A control frame is longer than 125 bytes.
    #[error("control frame longer than 125 bytes")]
    ControlTooLong,
    /// A control frame is fragmented.
    #[error("fragmented control frame")]
    ControlFragmented,
    /// The length field is longer than it needs to be.
    #[error("length not encoded in the fewest bytes")]
    LengthNotMinimal,
    /// The most significant bit of a 64-bit length is set.
    #[error("length of 2^63 bytes or more")]
    LengthOverflow,
    /// A continuation frame without a message to continue.
    #[error("continuation frame without a message")]
    UnexpectedContinuation,
    /// A new message begins before the last one ended.
    #[error("new message inside a fragmented one")]
    MessageInsideMessage,
    /// A close frame's payload is a single byte.
    #[error("close frame of one byte")]
    ClosePayload,
    /// A close frame carries a code that must not be sent.
    #[error("close code {0} is not allowed")]
    CloseCode(u16),
    /// Text, or the reason of a close frame, isn't UTF-8.
    #[error("text is not valid UTF-8")]
    Utf8,
    /// A message would be longer than the limit; known from the header, nothing was buffered for it.
    #[error("message of at least {bytes} bytes exceeds the limit of {max}")]
    MessageTooBig {
        /// What the message has come to with the frame that was announced.
        bytes: u64,
        /// The decoder's limit.
        max: u32,
    },
}

impl DecodeError {
    /// The code to close with: 1007 for bad text, 1009 for a message beyond the limit, else 1002.
    pub fn close_code(&self) -> u16 {
        match self {
            Self::Utf8 => close_code::INVALID_PAYLOAD,
            Self::MessageTooBig { .. } => close_code::TOO_BIG,
            _ => close_code::PROTOCOL,
        }
    }
}
