//! Close codes and the payload of a close frame (RFC 6455 sections 5.5.1 and 7.4).

use crate::DecodeError;

/// Longest reason of a close frame, in bytes: a control payload less the two bytes of the code.
pub const CLOSE_REASON_BYTES_MAX: usize = 123;

/// The registered close codes that this codebase sends or understands.
pub mod close_code {
    /// The purpose of the connection is fulfilled.
    pub const NORMAL: u16 = 1000;
    /// An endpoint goes away: a server shuts down, a page is left.
    pub const GOING_AWAY: u16 = 1001;
    /// The peer broke the protocol.
    pub const PROTOCOL: u16 = 1002;
    /// The peer sent a kind of data that this endpoint does not take.
    pub const UNSUPPORTED: u16 = 1003;
    /// The peer sent data that does not fit the message's type, such as text that isn't UTF-8.
    pub const INVALID_PAYLOAD: u16 = 1007;
    /// The peer broke a rule of this endpoint that no other code names.
    pub const POLICY: u16 = 1008;
    /// A message is longer than this endpoint takes.
    pub const TOO_BIG: u16 = 1009;
    /// The server met a condition that it could not handle.
    pub const INTERNAL: u16 = 1011;
    /// The service restarts; reconnect after a random delay.
    pub const RESTART: u16 = 1012;
    /// The server is overloaded; reconnect later.
    pub const TRY_LATER: u16 = 1013;
}

/// Whether `code` may stand in a close frame: registered with IANA for endpoints (1000-1003, 1007-1014), or in the
/// ranges of libraries (3000-3999) and applications (4000-4999). 1004-1006 and 1015 never appear on the wire.
pub fn is_valid_close_code(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Why the peer closes: the payload of its close frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseFrame<'a> {
    /// A code for which [`is_valid_close_code`] holds.
    pub code: u16,
    /// Text for logs, at most [`CLOSE_REASON_BYTES_MAX`] bytes; often empty.
    pub reason: &'a str,
}

impl<'a> CloseFrame<'a> {
    /// Reads a close frame's payload; an empty one is legal and says nothing (`None`).
    ///
    /// # Errors
    /// [`DecodeError::ClosePayload`] for a lone byte, [`DecodeError::CloseCode`] for a code that must not be sent,
    /// [`DecodeError::Utf8`] for a reason that isn't UTF-8.
    pub(crate) fn parse(payload: &'a [u8]) -> Result<Option<Self>, DecodeError> {
        let (code, reason) = match payload {
            [] => return Ok(None),
            [_] => return Err(DecodeError::ClosePayload),
            [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        };
        if !is_valid_close_code(code) {
            return Err(DecodeError::CloseCode(code));
        }
        let reason = std::str::from_utf8(reason).map_err(|_| DecodeError::Utf8)?;
        Ok(Some(Self { code, reason }))
    }
}
