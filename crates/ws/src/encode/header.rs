//! The frame header (RFC 6455 section 5.2).

use bytes::BufMut;

use crate::{CONTROL_BYTES_MAX, Opcode};

/// Longest header of an unmasked frame, in bytes.
pub const SERVER_HEADER_BYTES_MAX: usize = 10;

/// Everything of a frame but its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameHeader {
    /// What the frame carries.
    pub opcode: Opcode,
    /// Whether the frame ends its message.
    pub fin: bool,
    /// Payload length in bytes.
    pub len: u64,
    /// The masking key; clients must have one, servers must not.
    pub mask: Option<[u8; 4]>,
}

impl FrameHeader {
    /// The header of an unmasked frame that is a whole message.
    pub fn new(opcode: Opcode, payload_bytes: usize) -> Self {
        Self { opcode, fin: true, len: payload_bytes as u64, mask: None }
    }

    /// How many bytes [`write`](Self::write) appends.
    pub fn encoded_len(&self) -> usize {
        let len_bytes = match self.len {
            0..=125 => 0,
            126..=0xFFFF => 2,
            _ => 8,
        };
        2 + len_bytes + if self.mask.is_some() { 4 } else { 0 }
    }

    /// Appends the header with the shortest length field, as RFC 6455 requires.
    ///
    /// # Panics
    /// In debug builds, if the header breaks the rules for control frames (at most 125 bytes, never fragmented).
    pub fn write(&self, out: &mut impl BufMut) {
        debug_assert!(
            !self.opcode.is_control() || (self.fin && self.len <= CONTROL_BYTES_MAX as u64),
            "control frame of {} bytes, fin {}",
            self.len,
            self.fin
        );
        let mask_bit = if self.mask.is_some() { 0x80 } else { 0 };
        out.put_u8(self.opcode as u8 | if self.fin { 0x80 } else { 0 });
        match self.len {
            len @ 0..=125 => out.put_u8(mask_bit | len as u8),
            len @ 126..=0xFFFF => {
                out.put_u8(mask_bit | 126);
                out.put_u16(len as u16);
            }
            len => {
                out.put_u8(mask_bit | 127);
                out.put_u64(len);
            }
        }
        if let Some(key) = self.mask {
            out.put_slice(&key);
        }
    }
}

/// Appends the header of a frame that is a whole message of `len` bytes; the payload must follow, masked with the
/// same key if there is one.
pub fn write_frame_header(opcode: Opcode, len: usize, mask: Option<[u8; 4]>, out: &mut impl BufMut) {
    FrameHeader { mask, ..FrameHeader::new(opcode, len) }.write(out);
}
