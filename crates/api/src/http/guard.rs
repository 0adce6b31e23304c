//! What every answer of the API carries, and what unknown paths and methods are told.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use loquat_protocol::ErrorCode;

use super::caller::Renewal;
use crate::Problem;

/// Longest part of a path that goes back in words.
const PATH_CHARS_MAX: usize = 200;

/// Around every route: nothing is kept by caches, shown as a page, framed, or read by other origins. Outermost, so that a
/// session's new cookie never gets into an answer that is kept for a repetition.
pub async fn guard(mut request: Request, next: Next) -> Response {
    let renewal = Renewal::default();
    request.extensions_mut().insert(renewal.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    renewal.apply(headers);
    protect(headers);
    response
}

/// The headers of every answer of the API.
pub fn protect(headers: &mut HeaderMap) {
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    harden(headers);
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
}

/// The headers that answers of every kind share.
pub fn harden(headers: &mut HeaderMap) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A path that the API does not have.
pub async fn unknown(uri: Uri) -> Problem {
    Problem::new(ErrorCode::NotFound, format!("there is nothing at {}", shown(&uri)))
}

/// A method that a path does not have; the router adds `Allow`.
pub async fn wrong_method(method: Method, uri: Uri) -> Problem {
    Problem::new(ErrorCode::MethodNotAllowed, format!("{method} is not possible on {}", shown(&uri)))
}

fn shown(uri: &Uri) -> String {
    uri.path().chars().take(PATH_CHARS_MAX).collect()
}
