//! What a request brings along.

use std::time::Duration;

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use http::{StatusCode, header};
use loquat_protocol::{ErrorCode, ErrorInfo, Format};
use serde::de::DeserializeOwned;

use super::{Rest, answer::Failure, exchange::by_media_type};

/// How long a body may take to arrive.
const ARRIVAL_MAX: Duration = Duration::from_secs(30);

/// The fields of a form, one object's.
const FORM: &str = "application/x-www-form-urlencoded";

/// A request's body in full, and the format that it is said to have.
pub struct Posted {
    format: Format,
    bytes: Bytes,
}

impl FromRequest<Rest> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, rest: &Rest) -> Result<Self, Failure> {
        let (format, is_form) = content_format(&request)?;
        let limit = rest.state.node().limits().frame_bytes_max;
        let read = tokio::time::timeout(ARRIVAL_MAX, to_bytes(request.into_body(), limit)).await;
        let Ok(read) = read else {
            let late = ErrorInfo::new(ErrorCode::BadRequest, "the request's body did not arrive within 30 s");
            return Err(late.with_status(StatusCode::REQUEST_TIMEOUT.as_u16()).into());
        };
        let bytes = read.map_err(|error| {
            if is_too_large(&error) {
                let text = format!("the request's body is larger than the limit of {limit} bytes");
                let error = ErrorInfo::new(ErrorCode::MessageTooLarge, text);
                return error.with_status(StatusCode::PAYLOAD_TOO_LARGE.as_u16());
            }
            ErrorInfo::new(ErrorCode::InvalidBody, "the request's body ended early")
        })?;
        Ok(Self { format, bytes: if is_form { object_of(&bytes) } else { bytes } })
    }
}

/// The body's format, and whether it is a form that has to become a JSON object first.
fn content_format(request: &Request) -> Result<(Format, bool), Failure> {
    let Some(value) = request.headers().get(header::CONTENT_TYPE) else { return Ok((Format::Json, false)) };
    let name = value.to_str().unwrap_or_default();
    if name.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(FORM)) {
        return Ok((Format::Json, true));
    }
    by_media_type(name).map(|format| (format, false)).ok_or_else(|| {
        let text = "the Content-Type must be application/json, application/x-msgpack or application/x-www-form-urlencoded";
        Failure::new(ErrorCode::UnsupportedMediaType, text)
    })
}

/// A form's fields as a JSON object of texts; of a repeated name the first counts.
fn object_of(form: &[u8]) -> Bytes {
    let mut fields = serde_json::Map::new();
    for (name, value) in form_urlencoded::parse(form) {
        fields.entry(name).or_insert_with(|| value.into_owned().into());
    }
    Format::Json.encode(&fields).into()
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

impl Posted {
    /// The body as an object.
    ///
    /// # Errors
    /// 40000 with what is wrong and where; also for a list, which would pass for an object's fields in their order.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, ErrorInfo> {
        if self.is_list() {
            return Err(ErrorInfo::new(ErrorCode::BadRequest, "the request's body must be an object"));
        }
        self.format.decode(&self.bytes)
    }

    /// The body as a list; a single value is a list of one.
    ///
    /// # Errors
    /// 40000 with what is wrong and where.
    pub fn decode_many<T: DeserializeOwned>(&self) -> Result<Vec<T>, ErrorInfo> {
        if self.is_list() { self.format.decode(&self.bytes) } else { self.decode().map(|one| vec![one]) }
    }

    fn is_list(&self) -> bool {
        match self.format {
            Format::Json => self.bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'['),
            // fixarray, array 16, array 32.
            Format::Msgpack => matches!(self.bytes.first(), Some(0x90..=0x9f | 0xdc | 0xdd)),
        }
    }
}
