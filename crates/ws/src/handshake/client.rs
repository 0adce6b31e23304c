//! Asking for an upgrade and checking the answer (RFC 6455 sections 4.1 and 4.2.2).

use super::{Head, HeadError, Headers, VERSION, accept_key};

/// Why the answer to an upgrade request is no WebSocket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The head can't be read.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// The server did not switch protocols; holds its status line.
    #[error("upgrade refused: {0}")]
    Refused(String),
    /// The status is 101, but the headers don't switch to WebSocket.
    #[error("the answer does not upgrade to websocket")]
    NotUpgrade,
    /// `Sec-WebSocket-Accept` doesn't belong to our key.
    #[error("Sec-WebSocket-Accept does not match the key")]
    Accept,
    /// The server chose an extension or a subprotocol although none was offered.
    #[error("the server chose an extension or subprotocol that was not offered")]
    NotOffered,
}

/// An upgrade request for `target` (path and query) on `host`, with `key` from
/// [`client_key`](super::client_key). No argument may contain a line break.
pub fn request(host: &str, target: &str, key: &str) -> String {
    format!(
        "GET {target} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {VERSION}\r\n\r\n"
    )
}

/// Checks what a server has answered so far. `None` if the head isn't complete; else its length in bytes: frames
/// begin right behind it, perhaps in the same read.
///
/// # Errors
/// The answer is no upgrade to a WebSocket of ours.
pub fn check_response(received: &[u8], key: &str) -> Result<Option<usize>, ResponseError> {
    let Some(head) = Head::parse(received)? else { return Ok(None) };
    let switches =
        head.start_line.strip_prefix("HTTP/1.1 101").is_some_and(|r| r.is_empty() || r.starts_with(' '));
    if !switches {
        return Err(ResponseError::Refused(head.start_line.to_owned()));
    }
    let headers = &head.headers[..];
    if !headers.has_token("upgrade", "websocket") || !headers.has_token("connection", "upgrade") {
        return Err(ResponseError::NotUpgrade);
    }
    if headers.single("sec-websocket-accept") != Some(accept_key(key).as_str()) {
        return Err(ResponseError::Accept);
    }
    let chosen = ["sec-websocket-extensions", "sec-websocket-protocol"];
    if chosen.into_iter().any(|name| headers.values(name).next().is_some()) {
        return Err(ResponseError::NotOffered);
    }
    Ok(Some(head.len))
}
