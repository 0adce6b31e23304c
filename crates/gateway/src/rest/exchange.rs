//! In which format a request wants its answer.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{HeaderMap, Uri, header, request::Parts};
use loquat_protocol::Format;

use crate::query;

/// What the answer has to look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Exchange {
    /// The format of the body, errors included.
    pub format: Format,
    /// Whether status and headers travel inside the body, for clients that cannot read a response's headers.
    pub envelope: bool,
}

impl Exchange {
    /// Reads it off a request: `envelope` in the query, else what the `Accept` header names, else `format` in the query,
    /// else JSON. What is not understood counts as JSON, so that there is always an answer that somebody can read.
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let pairs = query::pairs(uri);
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        if let Some(format) = get("envelope").and_then(by_name) {
            return Self { format, envelope: true };
        }
        let format = accepted(headers).or_else(|| get("format").and_then(by_name)).unwrap_or_default();
        Self { format, envelope: false }
    }
}

fn by_name(name: &str) -> Option<Format> {
    match name {
        "json" => Some(Format::Json),
        "msgpack" => Some(Format::Msgpack),
        _ => None,
    }
}

/// The first of the accepted types that this server has.
fn accepted(headers: &HeaderMap) -> Option<Format> {
    let values = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).find_map(by_media_type)
}

/// The format of a media type, its parameters aside.
pub fn by_media_type(text: &str) -> Option<Format> {
    let name = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match name.as_str() {
        "application/json" | "text/json" => Some(Format::Json),
        "application/x-msgpack" | "application/msgpack" | "application/vnd.msgpack" => Some(Format::Msgpack),
        _ => None,
    }
}

impl<S: Sync> FromRequestParts<S> for Exchange {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}
