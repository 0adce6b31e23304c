//! Somebody at the other end.

use axum::{Router, body::Body};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, uri::Scheme};
use serde_json::Value;

use super::{Answer, HOST, send};

/// A browser with a cookie, or a script with a token. Writes name the page's own origin, as browsers do.
#[derive(Clone)]
pub struct Browser {
    pub router: Router,
    /// `name=value`, as it was set last.
    pub cookie: std::sync::Arc<std::sync::Mutex<Option<String>>>,
    /// Headers of every request.
    pub headers: HeaderMap,
    /// How the connection came in.
    pub scheme: Scheme,
    /// The person's id, once known.
    pub id: String,
}

impl Browser {
    /// Nobody yet.
    pub fn new(router: Router) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static(HOST));
        headers.insert("origin", HeaderValue::from_str(&format!("http://{HOST}")).unwrap());
        headers.insert("user-agent", HeaderValue::from_static("a browser of the tests"));
        Self { router, cookie: Default::default(), headers, scheme: Scheme::HTTP, id: String::new() }
    }

    /// The same with another header in every request; with an empty value, without it.
    pub fn having(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.remove(name);
        if !value.is_empty() {
            other.headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        other
    }

    /// A script of the same person.
    pub fn script(&self, secret: &str) -> Self {
        let script = self.having("origin", "").having("authorization", &format!("Bearer {secret}"));
        Self { cookie: Default::default(), ..script }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let kind = body.as_ref().map(|_| "application/json");
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(method, path, kind, body).await
    }

    /// A request with any body.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let path = if path.starts_with("/api") { path.to_owned() } else { format!("/api/v1{path}") };
        self.at(method, &path, content_type, body).await
    }

    /// A request of any path.
    pub async fn at(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(body.into()).unwrap();
        *request.headers_mut() = self.headers.clone();
        if let Some(content_type) = content_type {
            request.headers_mut().insert("content-type", content_type.parse().unwrap());
        }
        if let Some(cookie) = &*self.cookie.lock().unwrap() {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        let answer = send(&self.router, request, self.scheme.clone()).await;
        self.keep_cookie(&answer);
        answer
    }

    fn keep_cookie(&self, answer: &Answer) {
        let Some(text) = answer.headers.get("set-cookie").and_then(|value| value.to_str().ok()) else {
            return;
        };
        let pair = text.split(';').next().unwrap();
        let is_set = !pair.ends_with('=');
        *self.cookie.lock().unwrap() = is_set.then(|| pair.to_owned());
    }
}
