//! What is kept of a message or control frame that a read left unfinished.

use std::fmt;

use super::DecodeError;
use crate::Opcode;

/// The least that a first allocation asks for, unless less is known to do.
const FIRST_BYTES: usize = 512;

/// The unmasked bytes of an unfinished message, and behind them those of an unfinished control frame that came
/// between its fragments: one buffer for both, since a control frame is always done before its message is.
#[derive(Default)]
pub(super) struct Partial {
    bytes: Vec<u8>,
    /// How many of `bytes` are the message's.
    message_len: u32,
    /// How many bytes at the message's end are a character that is not complete yet (0-3).
    utf8_pending: u8,
    /// Type of the message that is under way; set from its first header to its last byte.
    pub(super) opcode: Option<Opcode>,
}

impl Partial {
    pub(super) fn message_len(&self) -> usize {
        self.message_len as usize
    }

    pub(super) fn message(&self) -> &[u8] {
        &self.bytes[..self.message_len()]
    }

    pub(super) fn control(&self) -> &[u8] {
        &self.bytes[self.message_len()..]
    }

    pub(super) fn has_control(&self) -> bool {
        self.bytes.len() > self.message_len()
    }

    /// Bytes of the message and the control frame together.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Forgets all bytes and gives their memory back.
    pub(super) fn free(&mut self) {
        *self = Self { opcode: self.opcode, ..Self::default() };
    }

    /// Forgets the control frame; gives the memory back if there is no message beneath it.
    pub(super) fn drop_control(&mut self) {
        if self.message_len == 0 {
            self.free();
        } else {
            self.bytes.truncate(self.message_len());
        }
    }

    /// Appends a part of a control frame; the buffer may grow to `bytes_max`.
    pub(super) fn push_control(&mut self, chunk: &[u8], bytes_max: usize) {
        self.push(chunk, bytes_max);
    }

    /// Appends a part of a message, checking it if it is text; the buffer may grow to `bytes_max`.
    pub(super) fn push_message(
        &mut self,
        chunk: &[u8],
        bytes_max: usize,
        text: bool,
    ) -> Result<(), DecodeError> {
        debug_assert!(!self.has_control(), "a control frame is complete before its message goes on");
        let unchecked = self.message_len() - usize::from(self.utf8_pending);
        self.push(chunk, bytes_max);
        self.message_len = self.bytes.len() as u32;
        if text {
            self.utf8_pending = incomplete_tail(&self.bytes[unchecked..])?;
        }
        Ok(())
    }

    /// Grows by doubling up to `bytes_max`: memory follows what a peer has sent, not what it promises, and a message
    /// in a million fragments is not copied a million times.
    fn push(&mut self, chunk: &[u8], bytes_max: usize) {
        let needed = self.bytes.len() + chunk.len();
        if needed > self.bytes.capacity() {
            let doubled = needed.max(self.bytes.capacity() * 2).max(FIRST_BYTES);
            let target = doubled.min(bytes_max).max(needed);
            self.bytes.reserve_exact(target - self.bytes.len());
        }
        self.bytes.extend_from_slice(chunk);
    }
}

/// Sizes only: what people write doesn't belong into logs.
impl fmt::Debug for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial")
            .field("bytes", &self.bytes.len())
            .field("message_len", &self.message_len)
            .field("opcode", &self.opcode)
            .finish()
    }
}

/// How many bytes at the end of `text` begin a character that more bytes could complete; an error if some byte can
/// never be part of UTF-8 where it stands.
fn incomplete_tail(text: &[u8]) -> Result<u8, DecodeError> {
    match std::str::from_utf8(text) {
        Ok(_) => Ok(0),
        Err(error) if error.error_len().is_none() => Ok((text.len() - error.valid_up_to()) as u8),
        Err(_) => Err(DecodeError::Utf8),
    }
}
