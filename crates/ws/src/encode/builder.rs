//! Writing a payload straight into its frame.

use bytes::{Buf, Bytes};

use super::{FrameHeader, SERVER_HEADER_BYTES_MAX};
use crate::Opcode;

/// Builds an unmasked frame whose payload an encoder appends in place.
///
/// Space for the longest header is kept in front; [`finish`](Self::finish) writes the real header right before the
/// payload and drops what is left over, so the payload is never moved.
#[derive(Debug)]
pub struct FrameBuilder {
    /// The reserved header, then the payload.
    bytes: Vec<u8>,
}

impl FrameBuilder {
    /// A builder with room for a payload of `payload_bytes` before it must reallocate.
    pub fn with_capacity(payload_bytes: usize) -> Self {
        let mut bytes = Vec::with_capacity(SERVER_HEADER_BYTES_MAX + payload_bytes);
        bytes.resize(SERVER_HEADER_BYTES_MAX, 0);
        Self { bytes }
    }

    /// Where to append the payload. The first [`SERVER_HEADER_BYTES_MAX`] bytes belong to the builder: append only,
    /// never clear.
    pub fn payload_vec(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// The payload so far.
    pub fn payload(&self) -> &[u8] {
        self.bytes.get(SERVER_HEADER_BYTES_MAX..).unwrap_or_default()
    }

    /// The finished frame, a whole message; the payload is not copied. If the capacity was exact there is no further
    /// allocation either, else `Bytes` allocates its small shared record.
    ///
    /// # Panics
    /// If the caller removed the reserved bytes; in debug builds also if a control payload exceeds 125 bytes.
    pub fn finish(mut self, opcode: Opcode) -> Bytes {
        assert!(self.bytes.len() >= SERVER_HEADER_BYTES_MAX, "the reserved header bytes were removed");
        let header = FrameHeader::new(opcode, self.bytes.len() - SERVER_HEADER_BYTES_MAX);
        let start = SERVER_HEADER_BYTES_MAX - header.encoded_len();
        header.write(&mut &mut self.bytes[start..SERVER_HEADER_BYTES_MAX]);
        let mut frame = Bytes::from(self.bytes);
        frame.advance(start);
        frame
    }
}

impl std::io::Write for FrameBuilder {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.bytes.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
