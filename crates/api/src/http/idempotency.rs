//! `Idempotency-Key`: a write that is sent again, because its answer was lost, is answered again and not done again.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use loquat_chat::Credential;
use loquat_protocol::ErrorCode;
use sha2::{Digest, Sha256};

use super::{
    body::collect,
    caller::Caller,
    replay::{Answer, Claim, Fingerprint, Hidden, ReplayKey, Standing, Ticket},
};
use crate::{ApiState, Problem};

/// The request's header.
pub const HEADER: &str = "idempotency-key";
/// Tells that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key. It becomes the end of a message's id.
const KEY_CHARS_MAX: usize = 64;

/// The key of a request, if it has one.
///
/// # Errors
/// 41061.
pub fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(HEADER).into_iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if text.is_empty() || text.len() > KEY_CHARS_MAX || !text.chars().all(fits) || values.next().is_some() {
        let text = "the Idempotency-Key must be one text of 1 to 64 letters, digits, '-', '_' and '.'";
        return Err(Problem::new(ErrorCode::IdempotencyKeyRefused, text));
    }
    Ok(Some(text))
}

/// Around every route: what a signed-in person posts with a key is done once.
pub async fn once(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    if *request.method() != Method::POST || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let key = key(&parts.headers).map(|key| key.map(Arc::from));
    let caller = Caller::from_request_parts(&mut parts, &state).await;
    let request = Request::from_parts(parts, body);
    match (key, caller) {
        (Err(problem), _) => problem.into_response(),
        (Ok(Some(key)), Ok(Caller(actor))) => {
            let standing = Standing {
                in_session: matches!(actor.credential(), Credential::Session(_)),
                administrator: actor.is_administrator(),
            };
            let key = ReplayKey { person: actor.person().as_str().into(), standing, key };
            answer(state, key, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        // Whoever is not signed in is told so by the route, or needs not be.
        (Ok(_), _) => next.run(request).await,
    }
}

async fn answer(state: ApiState, key: ReplayKey, request: Request, next: Next) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let whole = collect(body, state.body_bytes_max()).await?;
    let place = format!("{} {}\n", parts.method, parts.uri);
    let fingerprint: Fingerprint = Sha256::new().chain_update(place).chain_update(&whole).finalize().into();
    match state.replays().claim(key, fingerprint, state.now_ms()) {
        Claim::First(ticket) => {
            let request = Request::from_parts(parts, Body::from(whole));
            // A task of its own: when the client hangs up, the write goes on, and its answer waits for the repetition.
            let done = tokio::spawn(async move { keep(&state, ticket, next.run(request).await).await });
            done.await.map_err(|error| {
                tracing::error!(%error, "a request with an idempotency key failed");
                ErrorCode::Internal.into()
            })
        }
        Claim::Again(answer) => Ok(again(answer)),
        Claim::Running => {
            let text = "the first request with this Idempotency-Key is still being answered: try again";
            Err(Problem::new(ErrorCode::IdempotencyKeyInUse, text).retry_after_ms(1_000))
        }
        Claim::Other => {
            let text = "this Idempotency-Key was used with another request: take a new key for each write";
            Err(Problem::new(ErrorCode::IdempotencyKeyReused, text))
        }
    }
}

async fn keep(state: &ApiState, ticket: Ticket, response: Response) -> Response {
    let has_secret = response.headers().contains_key(header::SET_COOKIE);
    if !response.status().is_success() || has_secret {
        return response;
    }
    let (parts, body) = response.into_parts();
    // What the routes answer is in memory already.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::from(ErrorCode::Internal).into_response();
    };
    let (status, headers) = (parts.status, parts.headers.clone());
    ticket.answered(Answer { status, headers, body: Hidden(body.clone()) }, state.now_ms());
    Response::from_parts(parts, Body::from(body))
}

fn again(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.0));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(values: &[&str]) -> HeaderMap {
        let name = HeaderName::from_static(HEADER);
        values
            .iter()
            .map(|value| (name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap()))
            .collect()
    }

    #[test]
    fn keys_are_short_and_plain() {
        assert_eq!(key(&with(&[])).unwrap(), None);
        assert_eq!(key(&with(&["4f-9_a.B"])).unwrap(), Some("4f-9_a.B"));
        let long = "a".repeat(65);
        for values in [&[""][..], &["a b"], &["a:b"], &["ä"], &[&long], &["a", "b"]] {
            assert_eq!(key(&with(values)).unwrap_err().status(), 400, "{values:?}");
        }
    }
}
