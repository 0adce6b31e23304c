//! JWTs signed with an API key's secret: HS256 only (RFC 7515, RFC 7519; the claims are the protocol's).
//!
//! Verified here rather than by a library because one algorithm and six claims are all there is to it, and the
//! libraries bring every other algorithm along; see the decision record 0004.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_protocol::{Capability, ClientId, ErrorCode, ErrorInfo};
use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};
use serde_json::{Map, Number, Value};

use crate::{
    CLOCK_TOLERANCE_MS, Principal, TOKEN_TTL_MS_MAX,
    mac::{equal, fingerprint, hmac_sha256},
    principal::{Grant, Parts},
    snapshot::{Key, Snapshot},
    token::{narrowed, token_identity},
};

const CAPABILITY: &str = "x-ably-capability";
const CLIENT_ID: &str = "x-ably-clientId";
const REVOCATION_KEY: &str = "x-ably-revocation-key";
const ROOM_PREFIX: &str = "ably.room.";

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood (RFC 7515 section 4.1.11); none are.
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    iat: Option<Number>,
    exp: Option<Number>,
    nbf: Option<Number>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Verifies a JWT against the keys as they stand. `key_name` names the key when the header does not.
///
/// # Errors
/// 40144 when it is no valid JWT, 40143 when its key is unknown, 40400 when its app is, 40141 when its key is
/// revoked, 40142 when it has expired, 40160 when the key permits nothing of what it asks for, 40012 when it names a
/// person.
pub(crate) fn verify(
    token: &str,
    key_name: Option<&str>,
    snapshot: &Snapshot,
    now_ms: u64,
) -> Result<Principal, ErrorInfo> {
    let (signed, signature) = token.rsplit_once('.').ok_or_else(|| invalid("it must have three parts"))?;
    let (header, claims) = signed.split_once('.').ok_or_else(|| invalid("it must have three parts"))?;
    let header: Header = decode(header).ok_or_else(|| invalid("the header cannot be read"))?;
    if header.alg != "HS256" || header.crit.is_some() {
        return Err(invalid("the signing algorithm must be HS256, without critical extensions"));
    }
    let key_name = header
        .kid
        .as_deref()
        .or(key_name)
        .ok_or_else(|| invalid("the header must name the API key in 'kid'"))?;
    let key = snapshot.key(key_name).map_err(|fault| fault.for_token())?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| invalid("the signature cannot be read"))?;
    if !equal(&signature, &hmac_sha256(key.secret.as_bytes(), &[signed.as_bytes()])) {
        return Err(invalid("signature verification failed"));
    }
    let claims: Claims = decode(claims).ok_or_else(|| invalid("the claims cannot be read"))?;
    principal(key, signed, claims, now_ms)
}

fn invalid(why: &str) -> ErrorInfo {
    ErrorInfo::new(ErrorCode::InvalidJwt, format!("invalid JWT: {why}"))
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn principal(key: &Key, signed: &str, claims: Claims, now_ms: u64) -> Result<Principal, ErrorInfo> {
    let (issued_ms, expires_ms) = lifetime(&claims, now_ms)?;
    let granted = match text_claim(&claims.rest, CAPABILITY)? {
        Some(text) => Some(Capability::parse(text).map_err(|error| invalid(&error.message))?),
        None => None,
    };
    let capability = match granted {
        Some(granted) => narrowed(&key.capability, &granted)?,
        None => key.capability.clone(),
    };
    let client_id = text_claim(&claims.rest, CLIENT_ID)?;
    let client =
        token_identity(client_id).map_err(|error| match client_id.is_some_and(ClientId::is_reserved) {
            true => error,
            false => invalid("the claim 'x-ably-clientId' is not a clientId"),
        })?;
    let token_id = URL_SAFE_NO_PAD.encode(fingerprint(&[signed.as_bytes()]));
    let revocation_key = text_claim(&claims.rest, REVOCATION_KEY)?.map(Box::from);
    Ok(Principal::new(Parts {
        app: key.name.app(),
        key_name: Some(key.name.clone()),
        key_id: key.id,
        grant: Grant::Key(capability),
        client,
        issued_ms,
        expires_ms: Some(expires_ms),
        token_id: Some(token_id.into()),
        revocation_key,
        user_claims: room_claims(claims.rest),
    }))
}

/// `iat` and `exp` in milliseconds, once they and `nbf` are found to hold.
fn lifetime(claims: &Claims, now_ms: u64) -> Result<(u64, u64), ErrorInfo> {
    let issued_ms =
        date_ms(claims.iat.as_ref()).ok_or_else(|| invalid("the claim 'iat' is missing or no date"))?;
    let expires_ms =
        date_ms(claims.exp.as_ref()).ok_or_else(|| invalid("the claim 'exp' is missing or no date"))?;
    if expires_ms <= now_ms {
        return Err(ErrorCode::TokenExpired.into());
    }
    if claims.nbf.is_some()
        && date_ms(claims.nbf.as_ref()).is_none_or(|nbf| nbf > now_ms.saturating_add(CLOCK_TOLERANCE_MS))
    {
        return Err(invalid("it is not valid yet (claim 'nbf')"));
    }
    if issued_ms > now_ms.saturating_add(CLOCK_TOLERANCE_MS) {
        return Err(invalid("the claim 'iat' lies in the future"));
    }
    // Forward from `iat`, or a JWT of long ago could be kept alive; the subtraction is safe as iat ≤ now + tolerance.
    if expires_ms.saturating_sub(issued_ms) > TOKEN_TTL_MS_MAX {
        return Err(invalid("it lives longer than 24 hours from 'iat' to 'exp'"));
    }
    Ok((issued_ms, expires_ms))
}

/// A NumericDate (RFC 7519 section 2): seconds since 1970, perhaps with a fraction.
pub(crate) fn date_ms(date: Option<&Number>) -> Option<u64> {
    let date = date?;
    if let Some(seconds) = date.as_u64() {
        return seconds.checked_mul(1000);
    }
    let seconds = date.as_f64()?;
    // Up to the year 287396, where whole milliseconds are still exact.
    (0.0..9e12).contains(&seconds).then_some((seconds * 1000.0) as u64)
}

/// A claim that must be a non-empty text where it is given.
fn text_claim<'a>(claims: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, ErrorInfo> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
        Some(_) => Err(invalid(&format!("the claim '{name}' must be a text that is not empty"))),
    }
}

fn room_claims(claims: Map<String, Value>) -> BTreeMap<String, Value> {
    let room = |(name, value): (String, Value)| Some((name.strip_prefix(ROOM_PREFIX)?.to_owned(), value));
    claims.into_iter().filter_map(room).collect()
}
