//! Answers whose status and headers travel in the body: `{statusCode, headers, response}`.

use std::collections::BTreeMap;

use axum::{
    body::{Body, to_bytes},
    response::Response,
};
use http::{HeaderValue, header};
use loquat_protocol::Format;

/// Wraps a response; the wrapped one has status 200, whatever is in it.
pub async fn wrap(format: Format, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    // The routes' bodies are in memory already: there is nothing that could fail or grow.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let headers: BTreeMap<&str, &str> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    let is_ours = headers.get("content-type") == Some(&format.content_type());
    let inner = match body.is_empty() {
        true => format.encode(&()),
        false if is_ours => body.to_vec(),
        false => format.encode(&String::from_utf8_lossy(&body)),
    };
    let (status, headers) = (parts.status.as_u16(), format.encode(&headers));
    let mut wrapped = Response::new(Body::from(join(format, status, &headers, &inner)));
    wrapped.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    wrapped
}

/// The envelope around parts that are encoded already.
fn join(format: Format, status: u16, headers: &[u8], response: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(headers.len() + response.len() + 64);
    let mut field = |before: &str, name: &str, value: &[u8]| {
        out.extend_from_slice(before.as_bytes());
        format.encode_into(name, &mut out);
        if format == Format::Json {
            out.push(b':');
        }
        out.extend_from_slice(value);
    };
    let (first, next) = if format == Format::Json { ("{", ",") } else { ("", "") };
    field(first, "statusCode", &format.encode(&status));
    field(next, "headers", headers);
    field(next, "response", response);
    match format {
        Format::Json => out.push(b'}'),
        // A map of three.
        Format::Msgpack => out.insert(0, 0x83),
    }
    out
}
