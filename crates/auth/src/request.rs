//! Token requests and what answers them (specification TE, TD, RSA8, RSA9).

use std::{borrow::Cow, fmt};

use base64::{Engine, engine::general_purpose::STANDARD};
use loquat_protocol::{Capability, ErrorCode, ErrorInfo};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mac::{equal, hmac_sha256};

/// Longest capability that a token may carry, in bytes of text.
const CAPABILITY_BYTES_MAX: usize = 32 * 1024;

/// A number as clients write it: SDKs send numbers, forms and some languages send text.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum WireNumber {
    /// A whole number.
    Whole(i64),
    /// Any other number; it is whole in a valid request.
    Real(f64),
    /// Text; digits in a valid request.
    Text(String),
}

impl WireNumber {
    fn value(&self, field: &str) -> Result<i64, ErrorInfo> {
        let whole = match self {
            Self::Whole(number) => Some(*number),
            Self::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
            Self::Real(_) => None,
            Self::Text(text) => text.parse().ok(),
        };
        whole.ok_or_else(|| parameter(format!("'{field}' must be a whole number of milliseconds")))
    }

    /// The text that the MAC covers.
    fn signed_text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The body of `POST /keys/:keyName/requestToken`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenRequest {
    /// The key; the same as in the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
    /// How long the token is to live, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<WireNumber>,
    /// JSON text of a capability; an unsigned request may give the JSON object itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capability: Option<Value>,
    /// The client that the token is for; `*` for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// When the request was made, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<WireNumber>,
    /// At least 16 random characters, used once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Base64 of the HMAC-SHA256 over the other fields under the key's secret; see [`sign_token_request`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("key_name", &self.key_name)
            .field("ttl", &self.ttl)
            .field("capability", &self.capability)
            .field("client_id", &self.client_id)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

impl TokenRequest {
    /// How long the token is to live, in milliseconds; `None` when the request does not say.
    pub(crate) fn ttl_ms(&self) -> Result<Option<i64>, ErrorInfo> {
        number(self.ttl.as_ref(), "ttl")
    }

    pub(crate) fn timestamp_ms(&self) -> Result<Option<i64>, ErrorInfo> {
        number(self.timestamp.as_ref(), "timestamp")
    }

    /// The capability asked for; `None` when the request leaves it to the key.
    pub(crate) fn capability(&self) -> Result<Option<Capability>, ErrorInfo> {
        let text = self.capability_text();
        if text.len() > CAPABILITY_BYTES_MAX {
            return Err(parameter(format!("'capability' is longer than {CAPABILITY_BYTES_MAX} bytes")));
        }
        if text.is_empty() { Ok(None) } else { Capability::parse(&text).map(Some) }
    }

    pub(crate) fn mac_matches(&self, mac: &str, key_name: &str, secret: &str) -> bool {
        equal(mac.as_bytes(), expected_mac(self, key_name, secret).as_bytes())
    }

    fn capability_text(&self) -> String {
        match &self.capability {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }
}

fn number(field: Option<&WireNumber>, name: &str) -> Result<Option<i64>, ErrorInfo> {
    match field {
        None => Ok(None),
        Some(WireNumber::Text(text)) if text.is_empty() => Ok(None),
        Some(number) => number.value(name).map(Some),
    }
}

pub(crate) fn parameter(text: impl Into<Cow<'static, str>>) -> ErrorInfo {
    ErrorInfo::new(ErrorCode::InvalidParameter, text)
}

/// The `mac` of a token request (specification RSA9g): base64 of HMAC-SHA256 under the key's secret over key
/// name, ttl, capability, clientId, timestamp and nonce, each as sent (empty where absent) and ended by a line feed.
pub fn sign_token_request(request: &TokenRequest, secret: &str) -> String {
    expected_mac(request, request.key_name.as_deref().unwrap_or_default(), secret)
}

fn expected_mac(request: &TokenRequest, key_name: &str, secret: &str) -> String {
    let number = |field: &Option<WireNumber>| field.as_ref().map(WireNumber::signed_text).unwrap_or_default();
    let fields = [
        key_name,
        &number(&request.ttl),
        &request.capability_text(),
        request.client_id.as_deref().unwrap_or_default(),
        &number(&request.timestamp),
        request.nonce.as_deref().unwrap_or_default(),
    ];
    let mut text = String::new();
    for field in fields {
        text.push_str(field);
        text.push('\n');
    }
    STANDARD.encode(hmac_sha256(secret.as_bytes(), &[text.as_bytes()]))
}

/// The answer to a token request (specification TD).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenDetails {
    /// The token.
    pub token: String,
    /// The key that it stands on; absent for a person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
    /// When it was issued, in milliseconds since 1970.
    pub issued: u64,
    /// When it expires, in milliseconds since 1970.
    pub expires: u64,
    /// Canonical JSON text of what it permits; absent for a person's, whose rights are asked at each operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
    /// The client that it is for; `*` for any, absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

impl fmt::Debug for TokenDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenDetails")
            .field("key_name", &self.key_name)
            .field("expires", &self.expires)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
