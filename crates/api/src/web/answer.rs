//! A file as a response.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{encoding::Encoding, source::File};
use crate::http::{etag, guard};

/// A file whose name holds its hash never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Everything else is asked for again each time, and mostly answered with 304.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// The best form of a file that the client takes, or 304 when it has that one.
pub fn file(file: &File, request: &HeaderMap, is_hashed: bool) -> Response {
    let chosen =
        Encoding::accepted(request).find_map(|encoding| Some((encoding, file.forms.get(&encoding)?)));
    let Some((encoding, form)) = chosen else {
        return text(StatusCode::NOT_FOUND, "There is no such file.\n");
    };
    let is_fresh = etag::is_fresh(request, &form.tag);
    let bytes = match &form.bytes {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::copy_from_slice(bytes),
    };
    let mut response = Response::new(if is_fresh { Body::empty() } else { Body::from(bytes) });
    let headers = response.headers_mut();
    headers.insert(header::ETAG, form.tag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, if is_hashed { IMMUTABLE } else { REVALIDATED });
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    if let Some(token) = encoding.token() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    guard::harden(headers);
    if is_fresh {
        headers.remove(header::CONTENT_TYPE);
        headers.remove(header::CONTENT_ENCODING);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response
}

/// A few words.
pub fn text(status: StatusCode, words: &'static str) -> Response {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    guard::harden(headers);
    response
}
