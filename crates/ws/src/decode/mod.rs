//! Bytes in, events out.
//!
//! The hot path is a read that holds whole messages: they are unmasked where they lie and lent out of the read
//! buffer, without allocation or copy. Only what a read leaves unfinished is kept, in a buffer that is given back
//! once its message was seen.

mod error;
mod event;
mod frames;
mod header;
mod partial;

pub use error::DecodeError;
pub use event::Event;

use self::frames::Ready;
use self::header::HEADER_BYTES_MAX;
use self::partial::Partial;
use crate::Opcode;

/// Which end of the connection the decoder works for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads from a client: every frame must be masked.
    Server,
    /// Reads from a server: no frame may be masked.
    Client,
}

/// A frame whose header was read and whose payload is on its way.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Payload bytes still to come.
    remaining: u32,
    /// The masking key, rotated to the next payload byte; zero when there is none.
    key: [u8; 4],
    opcode: Opcode,
    fin: bool,
}

/// What the last event lent out of the decoder's own buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lent {
    Nothing,
    Message,
    Control,
    /// Nothing, and nothing will be lent again: the peer closed or failed.
    Finished,
}

/// The receiving half of one connection; at most 64 bytes, and no heap memory between messages.
///
/// ```
/// # use loquat_ws::{Decoder, Event, Role};
/// let mut decoder = Decoder::new(Role::Server, 65_536);
/// let mut read_buffer = *b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
/// let mut input = &mut read_buffer[..];
/// while let Some(event) = decoder.decode(&mut input)? {
///     assert_eq!(event, Event::Text("Hello"));
/// }
/// assert_eq!(decoder.heap_bytes(), 0);
/// # Ok::<(), loquat_ws::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Decoder {
    partial: Partial,
    frame: Option<Frame>,
    message_bytes_max: u32,
    /// The first bytes of a header that a read cut in two: never all of the longest one.
    header: [u8; HEADER_BYTES_MAX - 1],
    header_len: u8,
    role: Role,
    lent: Lent,
}

impl Decoder {
    /// A decoder at the start of a connection. A text or binary message may have up to `message_bytes_max` bytes,
    /// all its fragments together.
    pub fn new(role: Role, message_bytes_max: u32) -> Self {
        Self {
            partial: Partial::default(),
            frame: None,
            message_bytes_max,
            header: [0; HEADER_BYTES_MAX - 1],
            header_len: 0,
            role,
            lent: Lent::Nothing,
        }
    }

    /// Takes the next event off the front of `input`, which shrinks to what is left; `None` when all of `input` is
    /// consumed. Call it until it says `None`: that also gives back the buffer of a message that came in pieces.
    ///
    /// Payloads are unmasked in place, so the bytes of `input` are worthless afterwards. After [`Event::Close`] or
    /// an error all further input is discarded, as RFC 6455 section 7.1.7 asks.
    ///
    /// # Errors
    /// The peer broke the protocol or the limit; it says how, and with which code to close. Text that isn't UTF-8
    /// is reported at its first wrong byte, even if the message is not complete.
    pub fn decode<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i mut [u8],
    ) -> Result<Option<Event<'a>>, DecodeError> {
        self.release();
        if self.lent == Lent::Finished {
            *input = &mut [];
            return Ok(None);
        }
        let ready = match self.advance(input) {
            Ok(Some(ready)) => ready,
            Ok(None) => return Ok(None),
            Err(error) => return Err(self.fail(error)),
        };
        let (opcode, lent) = match ready {
            Ready::InPlace(opcode, _) => (opcode, Lent::Nothing),
            Ready::Message(opcode) => (opcode, Lent::Message),
            Ready::Control(opcode) => (opcode, Lent::Control),
        };
        self.lent = if opcode == Opcode::Close { Lent::Finished } else { lent };
        let payload = match ready {
            Ready::InPlace(_, payload) => payload,
            Ready::Message(_) => self.partial.message(),
            Ready::Control(_) => self.partial.control(),
        };
        let event = Event::new(opcode, payload);
        if event.is_err() {
            self.lent = Lent::Finished;
        }
        event.map(Some)
    }

    /// Heap memory held for an unfinished message, in bytes; at most the message limit plus 125. 0 between messages.
    pub fn heap_bytes(&self) -> usize {
        self.partial.capacity()
    }

    /// Whether nothing is under way: no message, no part of a frame.
    pub fn is_between_messages(&self) -> bool {
        self.partial.opcode.is_none() && self.frame.is_none() && self.header_len == 0
    }

    /// Takes back what the last event lent.
    fn release(&mut self) {
        match self.lent {
            Lent::Nothing => return,
            Lent::Message | Lent::Finished => self.partial.free(),
            Lent::Control => self.partial.drop_control(),
        }
        if self.lent != Lent::Finished {
            self.lent = Lent::Nothing;
        }
    }

    fn fail(&mut self, error: DecodeError) -> DecodeError {
        self.partial.free();
        self.lent = Lent::Finished;
        error
    }
}

/// The server keeps one decoder per connection, idle or not.
const _: () = assert!(size_of::<Decoder>() <= 64);
