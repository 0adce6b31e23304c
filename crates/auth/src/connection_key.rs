//! Connection keys: proof of a connection, to resume it with, on any node that has the server's secret.
//!
//! ```text
//! base64url( version u8 | issued_ms u48 | client kind u8 | id length u8 | id | app length u8 | app | client | MAC, 128 bit )
//! ```
//! Only `A-Z a-z 0-9 - _`, as clients put it into a URL's path. About 80 characters for usual ids; a long client
//! id makes it longer.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_protocol::{AppId, ClientId, ConnectionId, ErrorCode, ErrorInfo};

use crate::{
    ClientIdentity, Entropy, EntropyError, ServerSecret,
    entropy::random_text,
    mac::{equal, hmac_sha256},
};

const VERSION: u8 = 1;
const MAC_BYTES: usize = 16;
const KEY_CHARS_MAX: usize = 1200;

/// What a connection key proves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConnectionKeyClaims {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The app it was opened in.
    pub app: AppId,
    /// The identity it was opened with.
    pub client: ClientIdentity,
    /// When the key was made, in milliseconds since 1970.
    pub issued_ms: u64,
}

/// A connection id: 12 random characters of `A-Z a-z 0-9 - _`, 72 bits.
///
/// # Errors
/// [`EntropyError`] when there are no random bytes.
pub fn new_connection_id(entropy: &dyn Entropy) -> Result<ConnectionId, EntropyError> {
    random_text::<9>(entropy).map(|text| ConnectionId::from_trusted(&text))
}

/// Signs and verifies connection keys.
#[derive(Clone)]
pub struct ConnectionKeySigner {
    key: [u8; 32],
}

impl ConnectionKeySigner {
    /// A signer under a server's secret; all nodes that share the secret accept each other's keys.
    pub fn new(secret: &ServerSecret) -> Self {
        Self { key: secret.derive("loquat/connection-key/1") }
    }

    /// Makes the key of a connection.
    pub fn sign(&self, claims: &ConnectionKeyClaims) -> String {
        let (kind, client) = match &claims.client {
            ClientIdentity::Any => (0, ""),
            ClientIdentity::Anonymous => (1, ""),
            ClientIdentity::Named(name) => (2, name.as_str()),
        };
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&claims.issued_ms.to_be_bytes()[2..]);
        bytes.push(kind);
        for text in [claims.connection_id.as_str(), claims.app.as_str()] {
            // Both are short by their types' rules; what is cut off here would not verify as the same connection.
            let text = &text.as_bytes()[..text.len().min(255)];
            bytes.push(text.len() as u8);
            bytes.extend_from_slice(text);
        }
        bytes.extend_from_slice(client.as_bytes());
        let mac = self.mac(&bytes);
        bytes.extend_from_slice(&mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a key that a client presents.
    ///
    /// # Errors
    /// 80018 when it was not made under this secret.
    pub fn verify(&self, key: &str) -> Result<ConnectionKeyClaims, ErrorInfo> {
        self.read(key).ok_or_else(|| ErrorCode::InvalidConnectionKey.into())
    }

    fn read(&self, key: &str) -> Option<ConnectionKeyClaims> {
        if key.len() > KEY_CHARS_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(key).ok()?;
        let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
        if equal(mac, &self.mac(body)) { parse(body) } else { None }
    }

    fn mac(&self, body: &[u8]) -> [u8; MAC_BYTES] {
        let mut short = [0; MAC_BYTES];
        short.copy_from_slice(&hmac_sha256(&self.key, &[body])[..MAC_BYTES]);
        short
    }
}

fn parse(mut body: &[u8]) -> Option<ConnectionKeyClaims> {
    let rest = &mut body;
    if take(rest, 1)? != [VERSION] {
        return None;
    }
    let mut issued = [0; 8];
    issued[2..].copy_from_slice(take(rest, 6)?);
    let kind = take(rest, 1)?[0];
    let connection_id = ConnectionId::from_trusted(take_text(rest)?);
    let app = AppId::from_trusted(take_text(rest)?);
    let client = match (kind, *rest) {
        (0, []) => ClientIdentity::Any,
        (1, []) => ClientIdentity::Anonymous,
        (2, name) => ClientIdentity::Named(ClientId::parse(std::str::from_utf8(name).ok()?).ok()?),
        _ => return None,
    };
    Some(ConnectionKeyClaims { connection_id, app, client, issued_ms: u64::from_be_bytes(issued) })
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head)
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = take(rest, 1)?[0];
    std::str::from_utf8(take(rest, usize::from(length))?).ok()
}
