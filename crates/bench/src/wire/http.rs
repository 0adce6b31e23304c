//! The opening handshake (RFC 6455, section 4) with a fixed key, so that both sides know the answer beforehand.

/// The key of every handshake: the RFC's own sample.
pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// Its answer.
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The whole answer of a bare server to an upgrade.
pub const SWITCHING: &str = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
    sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// An upgrade request for `path` (with its query).
pub fn upgrade_request(path: &str, host: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
}

/// Length of the head at the start of `bytes`, its blank line included, once it is whole.
pub fn head_length(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

/// Checks an answer to `upgrade_request`; the error is its first line, or what is wrong with it.
pub fn check_upgraded(head: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(head);
    let line = text.lines().next().unwrap_or_default();
    if !line.contains(" 101 ") {
        return Err(line.to_owned());
    }
    if !text.contains(ACCEPT) {
        return Err("the answer to the handshake's key is wrong".to_owned());
    }
    Ok(())
}

/// The path (with its query) of a request head.
pub fn request_path(head: &[u8]) -> Option<&str> {
    std::str::from_utf8(head).ok()?.split(' ').nth(1)
}
