//! Bytes in, events out.
//!
//! The hot path is a read that holds whole messages: they are unmasked where they lie and lent out of the read
//! buffer, without allocation or copy. Only what a read leaves unfinished is kept, in a buffer that is given back
//! once its message was seen.

mod error;
mod event;
mod header;
mod partial;

pub use error::DecodeError;
pub use event::Event;

use self::header::HEADER_BYTES_MAX;
use self::partial::Partial;
use crate::mask::rotate_key;
use crate::{CONTROL_BYTES_MAX, FrameHeader, Opcode, apply_mask};

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

/// A complete payload, and where it lies.
enum Ready<'i> {
    InPlace(Opcode, &'i [u8]),
    Message(Opcode),
    Control(Opcode),
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

    /// Reads frames until one completes something to tell, or the input is used up.
    fn advance<'i>(&mut self, input: &mut &'i mut [u8]) -> Result<Option<Ready<'i>>, DecodeError> {
        loop {
            let frame = match self.frame.take() {
                Some(frame) => frame,
                None => match self.read_header(input)? {
                    Some(header) => self.admit(header)?,
                    None => return Ok(None),
                },
            };
            if let Some(ready) = self.read_payload(frame, input)? {
                return Ok(Some(ready));
            }
            if self.frame.is_some() {
                return Ok(None);
            }
        }
    }

    /// Takes a whole header off the input, or all of the input into `self.header`.
    fn read_header(&mut self, input: &mut &mut [u8]) -> Result<Option<FrameHeader>, DecodeError> {
        let held = usize::from(self.header_len);
        if held == 0
            && let Some((header, len)) = header::parse(input, self.role)?
        {
            take_front(input, len);
            return Ok(Some(header));
        }
        let more = input.len().min(HEADER_BYTES_MAX - held);
        let mut joined = [0; HEADER_BYTES_MAX];
        joined[..held].copy_from_slice(&self.header[..held]);
        joined[held..held + more].copy_from_slice(&input[..more]);
        match header::parse(&joined[..held + more], self.role)? {
            Some((header, len)) => {
                self.header_len = 0;
                take_front(input, len - held);
                Ok(Some(header))
            }
            None => {
                self.header[held..held + more].copy_from_slice(&input[..more]);
                self.header_len += more as u8;
                take_front(input, more);
                Ok(None)
            }
        }
    }

    /// Checks a header against the message that is under way and against the limit.
    fn admit(&mut self, header: FrameHeader) -> Result<Frame, DecodeError> {
        match (header.opcode, self.partial.opcode) {
            (Opcode::Continuation, None) => return Err(DecodeError::UnexpectedContinuation),
            (Opcode::Text | Opcode::Binary, Some(_)) => return Err(DecodeError::MessageInsideMessage),
            _ => {}
        }
        if !header.opcode.is_control() {
            let bytes = self.partial.message_len() as u64 + header.len;
            if bytes > u64::from(self.message_bytes_max) {
                return Err(DecodeError::MessageTooBig { bytes, max: self.message_bytes_max });
            }
            self.partial.opcode.get_or_insert(header.opcode);
        }
        let key = header.mask.unwrap_or_default();
        // The limit and the 125 bytes of a control frame both fit.
        Ok(Frame { remaining: header.len as u32, key, opcode: header.opcode, fin: header.fin })
    }

    /// Takes what the input has of the frame's payload. Leaves the frame in `self.frame` if that isn't all of it.
    fn read_payload<'i>(
        &mut self,
        mut frame: Frame,
        input: &mut &'i mut [u8],
    ) -> Result<Option<Ready<'i>>, DecodeError> {
        let chunk = take_front(input, input.len().min(frame.remaining as usize));
        apply_mask(chunk, frame.key);
        frame.remaining -= chunk.len() as u32;
        let complete = frame.remaining == 0;

        if frame.opcode.is_control() {
            if complete && !self.partial.has_control() {
                return Ok(Some(Ready::InPlace(frame.opcode, chunk)));
            }
            self.partial.push_control(chunk, self.partial_bytes_max(&frame, chunk.len()));
            if complete {
                return Ok(Some(Ready::Control(frame.opcode)));
            }
        } else {
            let opcode = self.partial.opcode.unwrap_or(Opcode::Binary);
            let ends = complete && frame.fin;
            if ends {
                self.partial.opcode = None;
                if self.partial.message_len() == 0 {
                    return Ok(Some(Ready::InPlace(opcode, chunk)));
                }
            }
            let bytes_max = self.partial_bytes_max(&frame, chunk.len());
            self.partial.push_message(chunk, bytes_max, opcode == Opcode::Text)?;
            if ends {
                return Ok(Some(Ready::Message(opcode)));
            }
        }
        if !complete {
            frame.key = rotate_key(frame.key, chunk.len());
            self.frame = Some(frame);
        }
        Ok(None)
    }

    /// How large the buffer can become: exact when nothing follows the frame, else what the limits leave. `frame` has
    /// `chunk_bytes` that are not in the buffer yet besides those still to come.
    fn partial_bytes_max(&self, frame: &Frame, chunk_bytes: usize) -> usize {
        let is_control = frame.opcode.is_control();
        let is_last = if is_control { self.partial.message_len() == 0 } else { frame.fin };
        match is_last {
            true => self.partial.len() + chunk_bytes + frame.remaining as usize,
            false => self.message_bytes_max as usize + if is_control { CONTROL_BYTES_MAX } else { 0 },
        }
    }
}

/// Splits the first `len` bytes off `input`.
fn take_front<'i>(input: &mut &'i mut [u8], len: usize) -> &'i mut [u8] {
    let (front, rest) = std::mem::take(input).split_at_mut(len);
    *input = rest;
    front
}

/// The server keeps one decoder per connection, idle or not.
const _: () = assert!(size_of::<Decoder>() <= 64);
