//! Credentials as a request brings them: the `Authorization` header, the query of a URL.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::STANDARD_NO_PAD};
use loquat_protocol::{ErrorCode, ErrorInfo};

/// What a request says about who sends it. Nothing of it is believed yet.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// An API key, `app.key:secret`.
    Basic {
        /// The key.
        key: String,
        /// The client that the request is to act as.
        client_id: Option<String>,
    },
    /// A token of this server or a JWT.
    Token {
        /// The token.
        token: String,
        /// The key that signed the JWT, for a JWT whose header has no `kid`.
        key_name: Option<String>,
        /// The client that the request is to act as.
        client_id: Option<String>,
    },
}

impl Credentials {
    /// Reads the credentials of a request: the `Authorization` header if there is one, else `access_token`, else
    /// `key` in the query. `query` holds decoded pairs; of a repeated name the first counts. The client comes
    /// from `X-Ably-ClientId` (base64, RSA7e2) if given, else from `clientId` in the query. `None` when there
    /// are no credentials.
    ///
    /// # Errors
    /// 40101 for an `Authorization` header that cannot be read, 40012 for an `X-Ably-ClientId` that cannot.
    pub fn from_request<'a>(
        authorization: Option<&str>,
        client_id_header: Option<&str>,
        query: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Option<Self>, ErrorInfo> {
        let (mut key, mut token, mut key_name, mut client_id) = (None, None, None, None);
        for (name, value) in query {
            let slot = match name {
                "key" => &mut key,
                "access_token" | "accessToken" => &mut token,
                "keyName" => &mut key_name,
                "clientId" => &mut client_id,
                _ => continue,
            };
            slot.get_or_insert_with(|| value.to_owned());
        }
        let client_id = match client_id_header {
            Some(header) => Some(decode_client_id(header)?),
            None => client_id,
        };
        if let Some(header) = authorization {
            let mut credentials = Self::from_authorization(header)?;
            credentials.set_context(key_name, client_id);
            return Ok(Some(credentials));
        }
        Ok(match (token, key) {
            (Some(token), _) => Some(Self::Token { token, key_name, client_id }),
            (None, Some(key)) => Some(Self::Basic { key, client_id }),
            (None, None) => None,
        })
    }

    /// Reads an `Authorization` header: `Basic base64(key)` (RFC 7617), `Bearer token` (RFC 6750) or
    /// `Bearer base64(token)`, as the realtime SDKs send it (RSA3b).
    ///
    /// # Errors
    /// 40101 when it is neither.
    pub fn from_authorization(header: &str) -> Result<Self, ErrorInfo> {
        let bad = |why: &'static str| ErrorInfo::new(ErrorCode::InvalidCredentials, why);
        let (scheme, value) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        let value = value.trim();
        if scheme.eq_ignore_ascii_case("basic") {
            let key = decode_base64_text(value)
                .filter(|key| !key.is_empty())
                .ok_or_else(|| bad("the Authorization header is not Basic with base64 of an API key"))?;
            Ok(Self::Basic { key, client_id: None })
        } else if scheme.eq_ignore_ascii_case("bearer") && !value.is_empty() {
            Ok(Self::Token { token: bearer_token(value), key_name: None, client_id: None })
        } else {
            Err(bad("the Authorization header must be 'Basic base64(key)' or 'Bearer token'"))
        }
    }

    /// A token, as AUTH frames bring it.
    pub fn token(token: impl Into<String>) -> Self {
        Self::Token { token: token.into(), key_name: None, client_id: None }
    }

    fn set_context(&mut self, signing_key: Option<String>, client: Option<String>) {
        match self {
            Self::Basic { client_id, .. } => *client_id = client,
            Self::Token { client_id, key_name, .. } => (*client_id, *key_name) = (client, signing_key),
        }
    }
}

/// Every token has a dot, which base64 has not; so a value with a dot is the token itself.
fn bearer_token(value: &str) -> String {
    if value.contains('.') {
        return value.to_owned();
    }
    decode_base64_text(value).filter(|token| token.contains('.')).unwrap_or_else(|| value.to_owned())
}

fn decode_base64_text(value: &str) -> Option<String> {
    let bytes = STANDARD.decode(value).or_else(|_| STANDARD_NO_PAD.decode(value)).ok()?;
    String::from_utf8(bytes).ok()
}

fn decode_client_id(header: &str) -> Result<String, ErrorInfo> {
    decode_base64_text(header.trim()).ok_or_else(|| {
        ErrorInfo::new(ErrorCode::InvalidClientId, "the X-Ably-ClientId header must be base64 of UTF-8 text")
    })
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, client_id) = match self {
            Self::Basic { client_id, .. } => ("Basic", client_id),
            Self::Token { client_id, .. } => ("Token", client_id),
        };
        f.debug_struct(kind).field("client_id", client_id).finish_non_exhaustive()
    }
}
