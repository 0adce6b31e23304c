//! A request's JSON, read strictly: what the document doesn't have is refused, so that a typing error is not silence.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use loquat_protocol::ErrorCode;
use serde::{Deserialize, de::DeserializeOwned};

use super::wrong;
use crate::{ApiState, Problem};

/// How long a body may take to arrive.
const ARRIVAL_MAX: Duration = Duration::from_secs(30);

/// The body of a request, read as JSON.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<ApiState> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        require_json(request.headers())?;
        let bytes = collect(request.into_body(), state.body_bytes_max()).await?;
        parse(&bytes).map(Self)
    }
}

/// Around every route that writes: the body is there before anybody is asked who they are. A client that takes its time
/// with it is who it is when it is done, not who it was when it began (SEC-1).
pub async fn arrive(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match collect(body, state.body_bytes_max()).await {
        Ok(whole) => next.run(Request::from_parts(parts, Body::from(whole))).await,
        Err(problem) => problem.into_response(),
    }
}

/// The whole body, if it is no larger than the limit and arrives in time.
///
/// # Errors
/// 413, 408 and 400.
pub async fn collect(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(ARRIVAL_MAX, to_bytes(body, limit)).await;
    let Ok(read) = read else {
        let late = Problem::new(ErrorCode::BadRequest, "the request's body did not arrive within 30 s");
        return Err(late.with_status(StatusCode::REQUEST_TIMEOUT));
    };
    read.map_err(|error| {
        if is_too_large(&error) {
            let text = format!("the request's body is larger than the limit of {limit} bytes");
            return Problem::new(ErrorCode::MessageTooLarge, text).with_status(StatusCode::PAYLOAD_TOO_LARGE);
        }
        Problem::new(ErrorCode::InvalidBody, "the request's body ended early")
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(Problem::new(ErrorCode::InvalidBody, "the request needs a JSON body, and has none"));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = wrong::read(&mut deserializer, ErrorCode::InvalidBody, "request's body")?;
    deserializer.end().map_err(|_| {
        Problem::new(ErrorCode::InvalidBody, "the request's body goes on after its JSON value")
    })?;
    Ok(value)
}

/// JSON has to be said to be JSON: a form of another site can send what it likes as `text/plain`, but not as this.
fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = text.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::UnsupportedMediaType, "the Content-Type must be application/json"))
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A field of a change that tells "leave it" (absent) from "clear it" (`null`).
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {

    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(rename = "name")]
        _name: String,
        #[serde(default, rename = "ages")]
        _ages: Vec<u8>,
    }

    #[track_caller]
    fn refused(body: &str) -> (u64, String) {
        let problem = serde_json::to_value(parse::<Sample>(body.as_bytes()).unwrap_err()).unwrap();
        let field = problem["errors"][0]["field"].as_str().unwrap_or_default().to_owned();
        (problem["code"].as_u64().unwrap(), field)
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        for (body, field) in [
            (r#"{"name": 3}"#, "name"),
            (r#"{"name": null}"#, "name"),
            (r#"{"name": "a", "nmae": 1}"#, "nmae"),
            (r#"{}"#, "name"),
            (r#"{"name": "a", "name": "b"}"#, "name"),
            (r#"{"name": "a", "ages": [1, "x"]}"#, "ages[1]"),
            (r#"{"name": "a", "ages": [1, 256]}"#, "ages[1]"),
        ] {
            assert_eq!(refused(body), (40001, field.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_no_json_or_more_than_one_value_is_refused() {
        for body in ["", "{", "[]", "null", r#"{"name": "a"} {}"#, r#"{"name": "\ud800"}"#] {
            assert_eq!(refused(body).0, 40001, "{body}");
        }
        assert_eq!(refused(&"[".repeat(100_000)).0, 40001);
    }

    #[test]
    fn only_json_is_taken_for_json() {
        for (text, fits) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/plain", false),
            ("application/jsonp", false),
            ("multipart/form-data", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, text.parse().unwrap());
            assert_eq!(require_json(&headers).is_ok(), fits, "{text}");
        }
        assert_eq!(require_json(&HeaderMap::new()).unwrap_err().status(), 415);
    }
}
