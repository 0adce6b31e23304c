//! The opening handshake (RFC 6455 section 4), as functions over headers that somebody else has read.

mod client;
mod head;
mod headers;
mod server;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

pub use client::{ResponseError, check_response, request};
pub use head::{HEAD_BYTES_MAX, Head, HeadError};
pub use headers::Headers;
pub use server::{Upgrade, UpgradeError, wants_upgrade};

/// The one protocol version there is.
pub const VERSION: &str = "13";

/// The constant that RFC 6455 section 1.3 appends to the key.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The `Sec-WebSocket-Accept` that proves that the server has understood `key`, a `Sec-WebSocket-Key`.
pub fn accept_key(key: &str) -> String {
    let digest = Sha1::new().chain_update(key.as_bytes()).chain_update(GUID).finalize();
    STANDARD.encode(digest)
}

/// The `Sec-WebSocket-Key` for a nonce, which should be random for each connection.
pub fn client_key(nonce: &[u8; 16]) -> String {
    STANDARD.encode(nonce)
}

/// Whether `key` is the base64 of 16 bytes.
fn is_key(key: &str) -> bool {
    let mut nonce = [0; 18];
    matches!(STANDARD.decode_slice(key, &mut nonce), Ok(16))
}
