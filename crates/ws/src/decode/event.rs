//! What a peer said.

use super::DecodeError;
use crate::{CloseFrame, Opcode};

/// One complete message or control frame, borrowed from the read buffer or, if it came in pieces, from the decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// Answer with a pong of the same payload, at most 125 bytes.
    Ping(&'a [u8]),
    /// A sign of life; no answer.
    Pong(&'a [u8]),
    /// The peer closes, with its reason if it gave one. Nothing follows: answer with a close frame unless one was
    /// sent already, then shut the socket down.
    Close(Option<CloseFrame<'a>>),
}

impl<'a> Event<'a> {
    /// The event for a complete, unmasked payload; `opcode` is the one that began the message.
    pub(super) fn new(opcode: Opcode, payload: &'a [u8]) -> Result<Self, DecodeError> {
        Ok(match opcode {
            Opcode::Text => Self::Text(std::str::from_utf8(payload).map_err(|_| DecodeError::Utf8)?),
            Opcode::Ping => Self::Ping(payload),
            Opcode::Pong => Self::Pong(payload),
            Opcode::Close => Self::Close(CloseFrame::parse(payload)?),
            Opcode::Binary | Opcode::Continuation => Self::Binary(payload),
        })
    }
}
