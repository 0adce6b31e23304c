//! What goes back.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use loquat_protocol::{ErrorCode, ErrorInfo, Format};
use serde::Serialize;

/// What a handler answers.
pub type Outcome = Result<Response, Failure>;

/// A refusal; [`super::speak`] writes it in the format that was asked for.
#[derive(Debug)]
pub struct Failure(pub ErrorInfo);

impl Failure {
    /// A refusal with a code and words.
    pub fn new(code: ErrorCode, message: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        Self(ErrorInfo::new(code, message))
    }
}

impl From<ErrorInfo> for Failure {
    fn from(error: ErrorInfo) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status_of(&self.0);
        response.extensions_mut().insert(self.0);
        response
    }
}

/// A body in a format, with exactly that format's content type: clients compare it as text.
pub fn answer<T: Serialize + ?Sized>(format: Format, status: StatusCode, body: &T) -> Response {
    let mut response = Response::new(Body::from(format.encode(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    response
}

/// An error in a format, in body and headers.
pub fn error(format: Format, error: &ErrorInfo) -> Response {
    #[derive(Serialize)]
    struct Wrapped<'a> {
        error: &'a ErrorInfo,
    }
    let status = status_of(error);
    let mut response = answer(format, status, &Wrapped { error });
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-ably-errorcode"), HeaderValue::from(error.code));
    headers.insert(HeaderName::from_static("x-ably-errormessage"), printable(&error.message));
    if status == StatusCode::UNAUTHORIZED {
        // Not Basic, although it is accepted: browsers would answer that challenge with a window of their own.
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"loquat\""));
    }
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn status_of(error: &ErrorInfo) -> StatusCode {
    StatusCode::from_u16(error.status_code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Headers carry visible ASCII only, and not at any length.
fn printable(text: &str) -> HeaderValue {
    let shown = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    let text: String = text.chars().take(512).map(shown).collect();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
