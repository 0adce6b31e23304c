//! Persons as principals: what their tokens say, and whom to ask for their rights.
//!
//! ```text
//! appId . base64url( version u8 | JSON payload | HMAC-SHA256 over appId, version and payload )
//! ```
//! The form of a key's token with another version, under a key of the server's secret alone. It names the person and
//! the session, nothing more: rights that it does not hold cannot be stale in it.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_protocol::{AppId, ClientId, ErrorCode, ErrorInfo, Operations};
use serde::{Deserialize, Serialize};

use crate::{
    Authenticator, ClientIdentity, Principal, ServerSecret, TOKEN_TTL_MS_MAX, TokenDetails,
    entropy::random_text,
    mac::{equal, hmac_sha256},
    principal::{Grant, Parts},
    snapshot::{KeyFault, Snapshot},
    token::{MAC_BYTES, split, unrecognised},
};

const VERSION: u8 = 2;

/// Who knows the persons; handed to [`Authenticator::set_people`].
pub trait PersonStandings: Send + Sync + 'static {
    /// The standing of a person in one of their sessions, for as long as somebody acts by it. Asked when a request or a
    /// connection authenticates, and on a shard's thread when an open connection renews its token: of people who are
    /// connected it must answer from memory.
    ///
    /// # Errors
    /// 40141 when the session has ended or the person is deactivated, 50003 when it cannot be read at the moment.
    fn standing(&self, person: &str, session: &str) -> Result<Arc<dyn Standing>, ErrorInfo>;
}

/// What a person may do in one of their sessions. Asked at each operation, so it answers from memory and at once; the
/// answers change with memberships and roles.
pub trait Standing: Send + Sync + 'static {
    /// The operations permitted on a channel at this moment.
    fn operations(&self, channel: &str) -> Operations;

    /// Why nothing is permitted any more, if so: 40141 for an ended session. Never taken back.
    fn revoked(&self) -> Option<ErrorInfo>;

    /// Counts messages that the person is about to publish, over all their sessions and ways. Unless there is a pace
    /// to keep, any number will do.
    ///
    /// # Errors
    /// 42910 for more than people write.
    fn admit(&self, _messages: usize, _now_ms: u64) -> Result<(), ErrorInfo> {
        Ok(())
    }

    /// The same for what is not kept: presence and ephemeral messages. Whoever may only read may be present, so
    /// without a pace they could tell others what they like as fast as they like.
    ///
    /// # Errors
    /// 42910 for more than people tell.
    fn admit_passing(&self, _items: usize, _now_ms: u64) -> Result<(), ErrorInfo> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    #[serde(rename = "p")]
    person: String,
    #[serde(rename = "s")]
    session: String,
    #[serde(rename = "t")]
    issued_ms: u64,
    #[serde(rename = "x")]
    expires_ms: u64,
    /// Random; names the token.
    #[serde(rename = "n")]
    token_id: String,
}

/// Signs and reads persons' tokens.
pub(crate) struct PersonTokenSigner {
    key: [u8; 32],
}

impl PersonTokenSigner {
    pub fn new(secret: &ServerSecret) -> Self {
        Self { key: secret.derive("loquat/person-token/1") }
    }

    /// Whether a token says that it is a person's; that it is one, nobody has found out yet.
    pub fn claims(token: &str) -> bool {
        split(token).is_some_and(|(_, bytes)| bytes.first() == Some(&VERSION))
    }

    fn sign(&self, app: &AppId, claims: &Claims) -> String {
        self.sign_claims(app, &serde_json::to_vec(claims).unwrap_or_default())
    }

    /// Signs claims as they are.
    pub fn sign_claims(&self, app: &AppId, claims: &[u8]) -> String {
        let mut body = vec![VERSION];
        body.extend_from_slice(claims);
        let mac = self.mac(app.as_str(), &body);
        body.extend_from_slice(&mac);
        format!("{app}.{}", URL_SAFE_NO_PAD.encode(body))
    }

    fn read(&self, token: &str) -> Option<(AppId, Claims)> {
        let (app, bytes) = split(token)?;
        let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
        let payload = body.strip_prefix(&[VERSION])?;
        if !equal(mac, &self.mac(app, body)) {
            return None;
        }
        Some((AppId::from_trusted(app), serde_json::from_slice(payload).ok()?))
    }

    fn mac(&self, app: &str, body: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.key, &[app.as_bytes(), b".", body])
    }
}

impl Authenticator {
    /// Sets whom to ask for persons' rights; once, before the first of them comes. Without it persons' tokens are
    /// unknown.
    pub fn set_people(&self, people: Arc<dyn PersonStandings>) {
        if self.people.set(people).is_err() {
            debug_assert!(false, "the people were set twice");
        }
    }

    /// Issues a token that names a person and their session, to act as that person in an app. The caller has found the
    /// session to be theirs. `ttl_ms`: its life, at most 24 hours.
    ///
    /// # Errors
    /// 40012 for an id that is no person's, 50000 without random bytes.
    pub fn issue_person_token(
        &self,
        app: &AppId,
        person: &str,
        session: &str,
        now_ms: u64,
        ttl_ms: u64,
    ) -> Result<TokenDetails, ErrorInfo> {
        if !ClientId::is_reserved(person) {
            return Err(ErrorInfo::new(ErrorCode::InvalidClientId, "this is no person's id"));
        }
        let claims = Claims {
            person: person.to_owned(),
            session: session.to_owned(),
            issued_ms: now_ms,
            expires_ms: now_ms.saturating_add(ttl_ms.min(TOKEN_TTL_MS_MAX)),
            token_id: random_text::<12>(&*self.entropy)?,
        };
        Ok(TokenDetails {
            token: self.person_tokens.sign(app, &claims),
            key_name: None,
            issued: claims.issued_ms,
            expires: claims.expires_ms,
            capability: None,
            client_id: Some(claims.person),
        })
    }

    pub(crate) fn authenticate_person(
        &self,
        token: &str,
        snapshot: &Snapshot,
        now_ms: u64,
    ) -> Result<Principal, ErrorInfo> {
        let (app, claims) = self.person_tokens.read(token).ok_or_else(unrecognised)?;
        let people = self.people.get().ok_or_else(unrecognised)?;
        if claims.expires_ms <= now_ms {
            return Err(ErrorCode::TokenExpired.into());
        }
        if !snapshot.has_app(&app) {
            return Err(KeyFault::UnknownApp(app.as_str()).for_token());
        }
        let client = ClientIdentity::Named(ClientId::parse(&claims.person)?);
        let standing = people.standing(&claims.person, &claims.session)?;
        Ok(Principal::new(Parts {
            app,
            key_name: None,
            key_id: [0; 16],
            grant: Grant::Person { session: claims.session.into(), standing },
            client,
            issued_ms: claims.issued_ms,
            expires_ms: Some(claims.expires_ms),
            token_id: Some(claims.token_id.into()),
            revocation_key: None,
            user_claims: BTreeMap::new(),
        }))
    }
}
