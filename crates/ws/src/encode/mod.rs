//! Frames, ready to be written.
//!
//! Servers send unmasked frames, clients masked ones (RFC 6455 section 5.1). This side never fragments: messages
//! are complete when they are sent.

mod builder;
mod header;

use bytes::Bytes;

pub use builder::FrameBuilder;
pub use header::{FrameHeader, SERVER_HEADER_BYTES_MAX, write_frame_header};

use crate::{CLOSE_REASON_BYTES_MAX, CloseFrame, Opcode, apply_mask};

/// A whole unmasked frame with a copy of `payload`, in one exact allocation.
///
/// # Panics
/// In debug builds, if a control frame's payload is longer than 125 bytes.
pub fn server_frame(opcode: Opcode, payload: &[u8]) -> Bytes {
    let header = FrameHeader::new(opcode, payload.len());
    let mut frame = Vec::with_capacity(header.encoded_len() + payload.len());
    header.write(&mut frame);
    frame.extend_from_slice(payload);
    Bytes::from(frame)
}

/// Appends a whole frame masked with `key` to `out`; the key must be unpredictable to whoever chose the payload
/// (RFC 6455 section 10.3).
///
/// # Panics
/// In debug builds, if a control frame's payload is longer than 125 bytes.
pub fn client_frame(opcode: Opcode, payload: &[u8], key: [u8; 4], out: &mut Vec<u8>) {
    let header = FrameHeader { mask: Some(key), ..FrameHeader::new(opcode, payload.len()) };
    out.reserve(header.encoded_len() + payload.len());
    header.write(out);
    let start = out.len();
    out.extend_from_slice(payload);
    apply_mask(&mut out[start..], key);
}

/// The payload of a close frame. A reason longer than [`CLOSE_REASON_BYTES_MAX`] bytes is cut at the last character
/// that still fits.
pub fn close_payload(code: u16, reason: &str) -> Vec<u8> {
    let fits = (0..=CLOSE_REASON_BYTES_MAX.min(reason.len())).rev().find(|&end| reason.is_char_boundary(end));
    let reason = &reason[..fits.unwrap_or(0)];
    let mut payload = Vec::with_capacity(2 + reason.len());
    payload.extend_from_slice(&code.to_be_bytes());
    payload.extend_from_slice(reason.as_bytes());
    payload
}

/// A server's close frame; the reason is cut as in [`close_payload`].
pub fn close_frame(code: u16, reason: &str) -> Bytes {
    server_frame(Opcode::Close, &close_payload(code, reason))
}

/// A server's answer to a peer's close frame: its code sent back without the reason, or nothing if it gave none.
pub fn close_reply(received: Option<CloseFrame<'_>>) -> Bytes {
    match received {
        Some(frame) => close_frame(frame.code, ""),
        None => server_frame(Opcode::Close, &[]),
    }
}
