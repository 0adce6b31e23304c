//! The decoder's frame by frame work: header, checks, payload.

use super::header::{self, HEADER_BYTES_MAX};
use super::{DecodeError, Decoder, Frame};
use crate::mask::rotate_key;
use crate::{CONTROL_BYTES_MAX, FrameHeader, Opcode, apply_mask};

/// A complete payload, and where it lies.
pub(super) enum Ready<'i> {
    InPlace(Opcode, &'i [u8]),
    Message(Opcode),
    Control(Opcode),
}

impl Decoder {
    /// Reads frames until one completes something to tell, or the input is used up.
    pub(super) fn advance<'i>(&mut self, input: &mut &'i mut [u8]) -> Result<Option<Ready<'i>>, DecodeError> {
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
