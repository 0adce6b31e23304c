//! Answering a token request: who asks, is it fresh, what does it get.

use loquat_protocol::{ErrorCode, ErrorInfo};

use crate::{
    Authenticator, CLOCK_TOLERANCE_MS, Principal, TOKEN_TTL_MS_DEFAULT, TOKEN_TTL_MS_MAX, TokenDetails,
    TokenRequest,
    entropy::random_text,
    nonce::Nonce,
    request::parameter,
    snapshot::Key,
    token::{Claims, narrowed, token_identity},
};

/// Shortest nonce of a signed request, in characters (specification TE6).
const NONCE_CHARS_MIN: usize = 16;

impl Authenticator {
    /// Issues a token (`POST /keys/:keyName/requestToken`). The request is either signed with the key's secret
    /// (`mac`), or it was sent by `sender`, which must be that very key by Basic authentication.
    ///
    /// # Errors
    /// 40400 for an unknown app, 40101 for an unknown key or a MAC that does not match, 40131 for a revoked key,
    /// 40104 and 40105 for a request that is not current or was used before, 42910 when too many requests are
    /// remembered, 40003 for a ttl out of range or a short nonce, 40012 for an invalid clientId, 40000 for an
    /// invalid capability, 40160 when the key permits nothing of it.
    pub fn request_token(
        &self,
        key_name: &str,
        request: &TokenRequest,
        sender: Option<&Principal>,
        now_ms: u64,
    ) -> Result<TokenDetails, ErrorInfo> {
        let snapshot = self.registry.snapshot();
        let key = snapshot.key(key_name).map_err(|fault| fault.for_key())?;
        if request.key_name.as_deref().is_some_and(|name| name != key_name) {
            return Err(credentials("the keyName of the token request is not that of the path"));
        }
        let signed = request.mac.as_deref().filter(|mac| !mac.is_empty());
        match signed {
            Some(mac) if !request.mac_matches(mac, key_name, &key.secret) => {
                return Err(credentials(
                    "the mac of the token request does not match its fields and the key's secret",
                ));
            }
            Some(_) => check_clock(request, now_ms)?,
            None => check_sender(key, sender)?,
        }
        let claims = self.claims(key, request, now_ms)?;
        if signed.is_some() {
            self.use_nonce(key, request, now_ms)?;
        }
        Ok(TokenDetails {
            token: self.tokens.sign(key, &claims),
            key_name: Some(key_name.to_owned()),
            issued: claims.issued_ms,
            expires: claims.expires_ms,
            capability: Some(claims.capability),
            client_id: claims.client_id,
        })
    }

    fn claims(&self, key: &Key, request: &TokenRequest, now_ms: u64) -> Result<Claims, ErrorInfo> {
        let ttl_ms = ttl(request)?;
        token_identity(request.client_id.as_deref())?;
        let capability = match request.capability()? {
            Some(asked) => narrowed(&key.capability, &asked)?,
            None => key.capability.clone(),
        };
        let (_, key_id) = key.name.as_str().split_once('.').unwrap_or_default();
        Ok(Claims {
            key_id: key_id.to_owned(),
            capability: capability.to_string(),
            client_id: request.client_id.clone(),
            issued_ms: now_ms,
            expires_ms: now_ms.saturating_add(ttl_ms),
            token_id: random_text::<12>(&*self.entropy)?,
        })
    }

    /// Last of all checks, so that a request that was refused for another reason can be mended and sent again.
    fn use_nonce(&self, key: &Key, request: &TokenRequest, now_ms: u64) -> Result<(), ErrorInfo> {
        let nonce = request.nonce.as_deref().unwrap_or_default();
        if nonce.chars().count() < NONCE_CHARS_MIN {
            return Err(parameter(format!("'nonce' must have at least {NONCE_CHARS_MIN} characters")));
        }
        let made_ms = request.timestamp_ms()?.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(now_ms);
        let expires_ms = made_ms.saturating_add(CLOCK_TOLERANCE_MS);
        match self.nonces.lock().use_once(&key.name.app(), key.name.as_str(), nonce, expires_ms, now_ms) {
            Nonce::Fresh => Ok(()),
            Nonce::Replayed => Err(ErrorCode::NonceReplayed.into()),
            Nonce::NoRoom => Err(ErrorInfo::new(
                ErrorCode::RateLimited,
                "too many token requests in a short time; try again later",
            )),
        }
    }
}

fn credentials(why: &'static str) -> ErrorInfo {
    ErrorInfo::new(ErrorCode::InvalidCredentials, why)
}

fn check_clock(request: &TokenRequest, now_ms: u64) -> Result<(), ErrorInfo> {
    let current = request
        .timestamp_ms()?
        .and_then(|ms| u64::try_from(ms).ok())
        .is_some_and(|made_ms| made_ms.abs_diff(now_ms) <= CLOCK_TOLERANCE_MS);
    if current {
        return Ok(());
    }
    Err(ErrorInfo::new(
        ErrorCode::TimestampNotCurrent,
        "the timestamp of the token request is missing or further than 15 minutes from the server's clock",
    ))
}

/// Without a MAC, only the key itself may ask: a token must not beget tokens.
fn check_sender(key: &Key, sender: Option<&Principal>) -> Result<(), ErrorInfo> {
    match sender {
        None => Err(ErrorInfo::new(
            ErrorCode::Unauthorized,
            "the token request has no mac: sign it, or send it with Basic authentication of its key",
        )),
        Some(sender) if !sender.is_token() && sender.0.key_id == key.id => Ok(()),
        Some(_) => Err(credentials(
            "an unsigned token request must be sent with Basic authentication of its own key",
        )),
    }
}

fn ttl(request: &TokenRequest) -> Result<u64, ErrorInfo> {
    let Some(ttl_ms) = request.ttl_ms()? else { return Ok(TOKEN_TTL_MS_DEFAULT) };
    u64::try_from(ttl_ms)
        .ok()
        .filter(|ttl_ms| (1..=TOKEN_TTL_MS_MAX).contains(ttl_ms))
        .ok_or_else(|| parameter("'ttl' must be between 1 and 86400000 milliseconds (24 hours)"))
}
