//! What goes back when all went well.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::etag;
use crate::Problem;

/// What a handler answers.
pub type Outcome = Result<Response, Problem>;

/// 200 with a body.
pub fn ok<T: Serialize>(body: &T) -> Response {
    json(StatusCode::OK, body)
}

/// 201 with a body.
pub fn created<T: Serialize>(body: &T) -> Response {
    json(StatusCode::CREATED, body)
}

/// 204: it is done, and there is nothing more to say.
pub fn done() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// A body with a status.
pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Response {
    bytes(status, serde_json::to_vec(body).unwrap_or_default())
}

/// 200 with a body and a tag of the caller's.
pub fn tagged_with<T: Serialize>(body: &T, tag: HeaderValue) -> Response {
    let mut response = ok(body);
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// A body that need not be sent to who has it. Made where time may be spent: a tag takes as long as the body is large.
pub struct Tagged {
    body: Bytes,
    tag: HeaderValue,
}

impl Tagged {
    /// A body with its tag.
    pub fn new(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self { tag: etag::of_body(&body), body }
    }

    /// 200 with the body; 304 when the client has it already.
    pub fn answer(self, request: &HeaderMap) -> Response {
        let is_fresh = etag::is_fresh(request, &self.tag);
        let mut response = if is_fresh { not_modified() } else { bytes(StatusCode::OK, self.body) };
        response.headers_mut().insert(header::ETAG, self.tag);
        response
    }
}

fn not_modified() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

fn bytes(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
