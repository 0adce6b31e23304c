//! WebSocket (RFC 6455) without I/O: bytes in, events out; frames in, bytes out.
//!
//! - [`handshake`]: validate an upgrade request and answer it; ask for one and check the answer.
//! - [`encode`]: frames, either from a finished payload or with the payload written in place ([`FrameBuilder`]).
//! - [`decode`]: [`Decoder`], which unmasks in the caller's read buffer and lends whole messages out of it.
//!
//! What is deliberately absent: sockets, clocks, randomness (masking keys and nonces are arguments), extensions
//! (no RSV bit is ever accepted) and subprotocols. A connection that is between messages owns no heap memory here.
#![forbid(unsafe_code)]

mod close;
pub mod decode;
pub mod encode;
#[doc(hidden)]
pub mod fuzz;
pub mod handshake;
mod mask;
mod opcode;

pub use close::{CLOSE_REASON_BYTES_MAX, CloseFrame, close_code, is_valid_close_code};
pub use decode::{DecodeError, Decoder, Event, Role};
pub use encode::{
    FrameBuilder, FrameHeader, client_frame, close_frame, close_payload, close_reply, server_frame,
    write_frame_header,
};
pub use mask::apply_mask;
pub use opcode::Opcode;

/// Longest payload of a control frame, in bytes (RFC 6455 section 5.5).
pub const CONTROL_BYTES_MAX: usize = 125;
