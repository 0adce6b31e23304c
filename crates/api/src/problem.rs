//! What a refused request is told (RFC 9457): one shape for every error, with the code of the shared error table.

use std::borrow::Cow;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use loquat_chat::ChatError;
use loquat_protocol::{ErrorCode, ErrorInfo};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// Most fields that one problem names; a reader mends the first few and tries again.
const ERRORS_MAX: usize = 16;

/// A refusal. Nothing was changed, unless the detail says otherwise.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem: `urn:loquat:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:loquat:problem:41010")]
    kind: String,
    /// The kind in a few words, the same for every problem of the code.
    #[schema(value_type = String, example = "the handle is taken")]
    title: Cow<'static, str>,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 409)]
    status: u16,
    /// What is wrong with this request, and what to do about it.
    #[schema(value_type = String, example = "the handle 'maria' is taken: choose another one")]
    detail: Cow<'static, str>,
    /// The number in the error table, which programs may act on.
    #[schema(minimum = 40000, maximum = 99999, example = 41010)]
    code: u32,
    /// Which fields of the request are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 16, required = false)]
    errors: Vec<FieldError>,
    /// After how long a retry may help; goes into a header.
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

/// A field of the request that is wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Its name, or its path as in `members[2]`.
    #[schema(example = "handle")]
    pub field: String,
    /// What is wrong with it.
    #[schema(example = "unknown field")]
    pub message: String,
}

impl Problem {
    /// A refusal with a code's status and words about this request.
    pub fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::from(ErrorInfo::new(code, detail))
    }

    /// The same with another status than the table's.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status.as_u16();
        self
    }

    /// The same, naming a field of the request.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(FieldError { field: field.into(), message: message.into() });
        }
        self
    }

    /// The same, telling after how many milliseconds a retry may help.
    #[must_use]
    pub fn retry_after_ms(mut self, wait_ms: u64) -> Self {
        self.retry_after_s = Some(whole_seconds(wait_ms));
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A path parameter that names nothing: the same words whether it never existed or may not be seen.
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("there is no such {what}, or you cannot see it"))
    }

    /// Too much is going on at once.
    pub fn busy() -> Self {
        let text = "the server has too many requests at once; try again";
        Self::new(ErrorCode::Unavailable, text).retry_after_ms(1_000)
    }
}

fn whole_seconds(wait_ms: u64) -> u64 {
    wait_ms.div_ceil(1_000).max(1)
}

impl From<ErrorInfo> for Problem {
    fn from(error: ErrorInfo) -> Self {
        let row = ErrorCode::ALL.iter().find(|row| row.code() == error.code);
        Self {
            kind: format!("urn:loquat:problem:{}", error.code),
            title: row.map_or("error", |row| row.text()).into(),
            status: error.status_code,
            detail: error.message,
            code: error.code,
            errors: Vec::new(),
            retry_after_s: None,
        }
    }
}

impl From<ChatError> for Problem {
    fn from(error: ChatError) -> Self {
        let mut problem = Self::new(error.code, error.detail);
        problem.retry_after_s = error.retry_after_ms.map(whole_seconds);
        error.fields.into_iter().fold(problem, |problem, fault| problem.at(fault.field, fault.message))
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(wait_s) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            // Not Basic: a browser would answer that challenge with a window of its own.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"loquat\""));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_kind_and_its_fields() {
        let problem = Problem::new(ErrorCode::HandleTaken, "taken").at("handle", "choose another one");
        let value = serde_json::to_value(&problem).unwrap();
        let expected = serde_json::json!({
            "type": "urn:loquat:problem:41010", "title": "the handle is taken", "status": 409, "detail": "taken",
            "code": 41010, "errors": [{"field": "handle", "message": "choose another one"}],
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_that_are_enough() {
        let response = Problem::busy().retry_after_ms(1_001).into_response();
        assert_eq!(response.headers()["retry-after"], "2");
        assert_eq!(response.status(), 503);
    }

    #[test]
    fn a_401_says_how_to_authenticate() {
        let response = Problem::from(ErrorCode::SessionMissing).into_response();
        assert_eq!(response.headers()["www-authenticate"], "Bearer realm=\"loquat\"");
        assert_eq!(response.headers()["content-type"], MEDIA_TYPE);
    }
}
