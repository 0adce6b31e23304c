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

/// A request's body in full, and the format that it is said to have.
pub struct Posted {
    format: Format,
    bytes: Bytes,
}

impl FromRequest<Rest> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, rest: &Rest) -> Result<Self, Failure> {
        let format = content_format(&request)?;
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
        Ok(Self { format, bytes })
    }
}

fn content_format(request: &Request) -> Result<Format, Failure> {
    let Some(value) = request.headers().get(header::CONTENT_TYPE) else { return Ok(Format::Json) };
    value.to_str().ok().and_then(by_media_type).ok_or_else(|| {
        let text = "the Content-Type must be application/json or application/x-msgpack";
        Failure::new(ErrorCode::UnsupportedMediaType, text)
    })
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
    /// The body as a value.
    ///
    /// # Errors
    /// 40000 with what is wrong and where.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, ErrorInfo> {
        self.format.decode(&self.bytes)
    }

    /// The body as a list; a single value is a list of one.
    ///
    /// # Errors
    /// 40000 with what is wrong and where.
    pub fn decode_many<T: DeserializeOwned>(&self) -> Result<Vec<T>, ErrorInfo> {
        if self.is_list() { self.decode() } else { self.decode().map(|one| vec![one]) }
    }

    fn is_list(&self) -> bool {
        match self.format {
            Format::Json => self.bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'['),
            // fixarray, array 16, array 32.
            Format::Msgpack => matches!(self.bytes.first(), Some(0x90..=0x9f | 0xdc | 0xdd)),
        }
    }
}
