//! What came back, held to what every answer promises.

use axum::{body::to_bytes, response::Response};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use super::schema;

/// What came back.
#[derive(Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
    /// The body as JSON; `null` when it is none.
    pub json: Value,
}

impl Answer {
    /// Reads an answer. One of the API has to fit the document, and a refusal has to be a problem.
    pub async fn read(method: &Method, path: &str, response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        let answer = Self { status: parts.status, headers: parts.headers, bytes, json };
        if path.starts_with("/api") {
            answer.check_refusal(method, path);
            answer.check_headers();
            schema::check(method, path, &answer);
        }
        answer
    }

    fn check_refusal(&self, method: &Method, path: &str) {
        let status = self.status.as_u16();
        if status < 400 || *method == Method::HEAD {
            return;
        }
        let problem = &self.json;
        let place = format!("{method} {path}: {status} {problem}");
        assert_eq!(self.headers["content-type"], "application/problem+json", "{place}");
        let code = problem["code"].as_u64().expect(&place);
        assert_eq!(problem["type"], format!("urn:loquat:problem:{code}"), "{place}");
        assert_eq!(problem["status"], status, "{place}");
        for field in ["title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{place}");
        }
    }

    fn check_headers(&self) {
        assert!(self.headers.contains_key("cache-control"));
        assert_eq!(self.headers["x-content-type-options"], "nosniff");
        assert_eq!(self.headers["cross-origin-resource-policy"], "same-origin");
        assert!(self.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        let opened = self.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
        assert_eq!(opened, None, "there is no CORS");
    }

    /// Expects a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self
    }

    /// Expects a refusal with a code and the code's status.
    #[track_caller]
    pub fn refused(self, status: u16, code: u32) -> Self {
        assert_eq!(
            (self.status.as_u16(), self.json["code"].as_u64()),
            (status, Some(code.into())),
            "{}",
            self.json
        );
        self
    }

    /// Expects a refusal that names a field.
    #[track_caller]
    pub fn naming(self, field: &str) -> Self {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        assert!(errors.iter().any(|error| error["field"] == field), "{field}: {}", self.json);
        self
    }

    /// A text of the body.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.json)).to_owned()
    }

    /// The ids of a page's items, by a path to the id.
    pub fn ids(&self, pointer: &str) -> Vec<String> {
        let items = self.json["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item.pointer(pointer).unwrap().as_str().unwrap().to_owned()).collect()
    }

    /// A header as text; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
