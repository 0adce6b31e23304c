//! What goes back when all went well.

use axum::{body::Body, response::Response};
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

/// 200 with a body and its tag; 304 when the client has that body already.
pub fn tagged(request: &HeaderMap, body: Vec<u8>) -> Response {
    let tag = etag::of_body(&body);
    let mut response =
        if etag::is_fresh(request, &tag) { not_modified() } else { bytes(StatusCode::OK, body) };
    response.headers_mut().insert(header::ETAG, tag);
    response
}

fn not_modified() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

fn bytes(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
