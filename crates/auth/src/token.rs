//! This server's own tokens: self-contained, signed, told apart from a JWT by having one dot.
//!
//! ```text
//! appId . base64url( version u8 | JSON payload | HMAC-SHA256 over appId, version and payload )
//! ```
//! The MAC's key comes from the server's secret and the API key's, so a token dies with either.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_protocol::{Capability, ClientId, ErrorCode, ErrorInfo};
use serde::{Deserialize, Serialize};

use crate::{
    ClientIdentity, Principal, ServerSecret,
    mac::{equal, hmac_sha256},
    principal::{Grant, Parts},
    snapshot::{Key, Snapshot},
};

const VERSION: u8 = 1;
pub(crate) const MAC_BYTES: usize = 32;

/// What a token says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    /// The key's id within its app.
    #[serde(rename = "k")]
    pub key_id: String,
    /// The canonical text of the capability at the time of issue.
    #[serde(rename = "c")]
    pub capability: String,
    /// The client id; `*` for any.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(rename = "t")]
    pub issued_ms: u64,
    #[serde(rename = "x")]
    pub expires_ms: u64,
    /// Random; names the token.
    #[serde(rename = "n")]
    pub token_id: String,
}

/// Signs and verifies tokens.
pub(crate) struct TokenSigner {
    key: [u8; 32],
}

impl TokenSigner {
    pub fn new(secret: &ServerSecret) -> Self {
        Self { key: secret.derive("loquat/token/1") }
    }

    pub fn sign(&self, key: &Key, claims: &Claims) -> String {
        let mut body = vec![VERSION];
        body.extend(serde_json::to_vec(claims).unwrap_or_default());
        self.sign_body(key, body)
    }

    /// Signs a body as it is: version and payload.
    pub fn sign_body(&self, key: &Key, mut body: Vec<u8>) -> String {
        let app = key.name.app();
        let mac = self.mac(key, app.as_str(), &body);
        body.extend_from_slice(&mac);
        format!("{app}.{}", URL_SAFE_NO_PAD.encode(body))
    }

    /// Verifies a token against the keys as they stand.
    ///
    /// # Errors
    /// 40143 when it is none of ours, 40400 when its app is gone, 40141 when its key is revoked, 40142 when it
    /// has expired, 40160 when its key no longer permits anything of it, 40012 when it names a person.
    pub fn verify(&self, token: &str, snapshot: &Snapshot, now_ms: u64) -> Result<Principal, ErrorInfo> {
        let (app, bytes) = split(token).ok_or_else(unrecognised)?;
        let (body, mac) = bytes.split_at(bytes.len().checked_sub(MAC_BYTES).ok_or_else(unrecognised)?);
        let payload = body.strip_prefix(&[VERSION]).ok_or_else(unrecognised)?;
        let claims: Claims = serde_json::from_slice(payload).map_err(|_| unrecognised())?;
        let key_name = format!("{app}.{}", claims.key_id);
        let key = snapshot.key(&key_name).map_err(|fault| fault.for_token())?;
        if !equal(mac, &self.mac(key, app, body)) {
            return Err(unrecognised());
        }
        if claims.expires_ms <= now_ms {
            return Err(ErrorCode::TokenExpired.into());
        }
        principal(key, claims)
    }

    fn mac(&self, key: &Key, app: &str, body: &[u8]) -> [u8; 32] {
        let bound = hmac_sha256(&self.key, &[&key.id]);
        hmac_sha256(&bound, &[app.as_bytes(), b".", body])
    }
}

pub(crate) fn split(token: &str) -> Option<(&str, Vec<u8>)> {
    let (app, body) = token.split_once('.')?;
    Some((app, URL_SAFE_NO_PAD.decode(body).ok()?))
}

pub(crate) fn unrecognised() -> ErrorInfo {
    ErrorCode::TokenUnrecognised.into()
}

fn principal(key: &Key, claims: Claims) -> Result<Principal, ErrorInfo> {
    let granted = Capability::parse(&claims.capability).map_err(|_| unrecognised())?;
    Ok(Principal::new(Parts {
        app: key.name.app(),
        key_name: Some(key.name.clone()),
        key_id: key.id,
        grant: Grant::Key(narrowed(&key.capability, &granted)?),
        client: token_identity(claims.client_id.as_deref())?,
        issued_ms: claims.issued_ms,
        expires_ms: Some(claims.expires_ms),
        token_id: Some(claims.token_id.into()),
        revocation_key: None,
        user_claims: BTreeMap::new(),
    }))
}

/// The client identity of a key's token: `*` is any, absent is none; a person's is refused.
pub(crate) fn token_identity(client_id: Option<&str>) -> Result<ClientIdentity, ErrorInfo> {
    match client_id {
        None => Ok(ClientIdentity::Anonymous),
        Some("*") => Ok(ClientIdentity::Any),
        Some(name) => ClientId::parse_unreserved(name).map(ClientIdentity::Named),
    }
}

/// What both the key and the token permit (specification RSA6).
pub(crate) fn narrowed(key: &Capability, asked: &Capability) -> Result<Capability, ErrorInfo> {
    let both = key.intersect(asked);
    if both.is_empty() {
        return Err(ErrorInfo::new(
            ErrorCode::NotPermitted,
            "the key permits nothing of the capability that was asked for; ask for less or use another key",
        ));
    }
    Ok(both)
}
