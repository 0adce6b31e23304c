//! Who asks.

use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use http::{HeaderMap, HeaderValue, header, request::Parts};
use loquat_chat::Actor;
use loquat_protocol::ErrorCode;

use super::{client::Client, cookie};
use crate::{ApiState, Problem};

/// The person who asks, by session or token. Asked for once in a request, however many want to know.
#[derive(Clone, Debug)]
pub struct Caller(pub Actor);

/// What a request authenticates with.
enum Shown<'a> {
    Token(&'a str),
    Session(&'a str),
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let client = Client::of(parts, state.public_url());
        let actor = match shown(&parts.headers, client.secure)? {
            Shown::Token(secret) => {
                let secret = secret.to_owned();
                state.call(move |chat| chat.authenticate_token(&secret)).await?
            }
            Shown::Session(secret) => {
                let (secret, visitor) = (secret.to_owned(), client.visitor());
                let call = state.call(move |chat| {
                    chat.authenticate_session(&secret, &visitor).map(|authenticated| (authenticated, secret))
                });
                let (authenticated, secret) = call.await?;
                if let (Some(_), Some(renewal)) =
                    (authenticated.renewed_ms, parts.extensions.get::<Renewal>())
                {
                    let ttl_ms = state.chat().options().session_ttl_ms;
                    renewal.set(cookie::set(&secret, client.secure, ttl_ms));
                }
                authenticated.actor
            }
        };
        let caller = Self(actor);
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// Where a session that lasts longer now leaves its cookie, for the answer to take along.
#[derive(Clone, Default)]
pub struct Renewal(Arc<OnceLock<HeaderValue>>);

impl Renewal {
    fn set(&self, cookie: HeaderValue) {
        // The first of a request is as good as a later one.
        drop(self.0.set(cookie));
    }

    /// Puts the cookie onto the answer, unless that has one of its own.
    pub fn apply(&self, headers: &mut HeaderMap) {
        if let Some(cookie) = self.0.get() {
            headers.entry(header::SET_COOKIE).or_insert_with(|| cookie.clone());
        }
    }
}

/// The token if there is an `Authorization`, else the cookie: whoever sends the header means it, and a request that
/// passed the check of its origin by that header must not be answered by the cookie.
fn shown(headers: &HeaderMap, secure: bool) -> Result<Shown<'_>, Problem> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        return token.map(|(_, token)| Shown::Token(token.trim())).ok_or_else(|| {
            Problem::new(
                ErrorCode::SessionMissing,
                "the Authorization header must be 'Bearer' and an API token",
            )
        });
    }
    cookie::read(headers, secure).map(Shown::Session).ok_or_else(|| ErrorCode::SessionMissing.into())
}
