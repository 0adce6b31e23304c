//! Tokens that ride in JWTs of somebody else: an application whose clients have JWTs of its own puts one of ours into
//! them, under `x-ably-token`.
//!
//! The JWT around a token is not verified, and cannot be, as its key is not ours: who holds it holds the token in it,
//! and that is verified. Of the JWT only its end is heeded.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Number;

use crate::jwt::date_ms;

/// A token, and until when what it came in may be used.
pub(crate) struct Carried {
    pub token: String,
    pub expires_ms: Option<u64>,
}

#[derive(Deserialize)]
struct Carrier {
    #[serde(rename = "x-ably-token")]
    token: Option<String>,
    exp: Option<Number>,
}

/// The token in a JWT, if it carries one: in its header, else among its claims. Claims that are encrypted (JWE, five
/// parts) are not looked into.
pub(crate) fn carried(jwt: &str) -> Option<Carried> {
    let parts: Vec<&str> = jwt.split('.').collect();
    let (header, claims) = match parts.as_slice() {
        [header, claims, _] => (*header, Some(*claims)),
        [header, _, _, _, _] => (*header, None),
        _ => return None,
    };
    let header: Carrier = decode(header)?;
    let claims: Option<Carrier> = claims.and_then(decode);
    let expires_ms = claims.as_ref().and_then(|claims| date_ms(claims.exp.as_ref()));
    let token = header.token.or_else(|| claims?.token)?;
    Some(Carried { token, expires_ms })
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
