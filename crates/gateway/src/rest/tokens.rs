//! `POST /keys/{keyName}/requestToken` (specification RSA8, RSA9).

use axum::{
    extract::{FromRequestParts, State},
    response::Response,
};
use http::{StatusCode, request::Parts};
use loquat_auth::{Credentials, TokenRequest};
use loquat_node::clock::wall_ms;
use loquat_protocol::ErrorInfo;

use super::{
    Rest,
    answer::{Failure, Outcome, answer},
    body::Posted,
    call::{PathParts, credentials},
    exchange::Exchange,
};

/// Credentials that may be absent and are not looked at yet.
pub struct Offered(Result<Option<Credentials>, ErrorInfo>);

impl<S: Sync> FromRequestParts<S> for Offered {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(credentials(parts)))
    }
}

/// Issues a token. A signed request speaks for itself, whatever credentials come along with it.
pub async fn request(
    State(rest): State<Rest>,
    exchange: Exchange,
    path: PathParts,
    Offered(offered): Offered,
    posted: Posted,
) -> Outcome {
    let request: TokenRequest = posted.decode()?;
    let (authenticator, now_ms) = (rest.state.authenticator(), wall_ms());
    let is_signed = request.mac.as_deref().is_some_and(|mac| !mac.is_empty());
    let sender = match offered.map_err(Failure)? {
        Some(credentials) if !is_signed => Some(authenticator.authenticate(Some(&credentials), now_ms)?),
        _ => None,
    };
    let details = authenticator.request_token(path.get("key_name"), &request, sender.as_ref(), now_ms)?;
    Ok::<Response, Failure>(answer(exchange.format, StatusCode::CREATED, &details))
}
