//! Whether a page of this server sent a request. The browser sends the session's cookie along with what any page of the
//! same site asks for; only what names this very origin may change anything.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header};
use loquat_protocol::ErrorCode;

use super::{client::Client, cookie};
use crate::{ApiState, Problem};

/// Around every route: refuses writes from pages of other origins.
pub async fn check(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if !is_write(&parts.method) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let client = Client::of(&parts, state.public_url());
    let own = Own { public: state.public_url(), host: &client.host, secure: client.secure };
    if is_refused(&parts.headers, &own) {
        let text = "the request comes from a page of another site; use the app at its own address";
        return Problem::new(ErrorCode::OriginRefused, text).into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// This server, as the request reached it.
struct Own<'a> {
    /// The configured address, `https://chat.example.org`.
    public: Option<&'a str>,
    host: &'a str,
    secure: bool,
}

fn is_refused(headers: &HeaderMap, own: &Own<'_>) -> bool {
    // A bearer's token is not sent by browsers on their own account.
    if headers.contains_key(header::AUTHORIZATION) {
        return false;
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        return !origin.to_str().is_ok_and(|origin| own.is(origin));
    }
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site != "same-origin";
    }
    // Browsers send one of the two with every write. A program may leave both out, but then it has no cookie either.
    cookie::read(headers, own.secure).is_some()
}

impl Own<'_> {
    fn is(&self, origin: &str) -> bool {
        if self.public.is_some_and(|public| public.eq_ignore_ascii_case(origin)) {
            return true;
        }
        let scheme = if self.secure { "https://" } else { "http://" };
        origin
            .strip_prefix(scheme)
            .is_some_and(|host| !host.is_empty() && host.eq_ignore_ascii_case(self.host))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Own<'_> =
        Own { public: Some("https://chat.example.org"), host: "127.0.0.1:8080", secure: false };

    fn refused(pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        is_refused(&pairs.collect(), &OWN)
    }

    #[test]
    fn pages_of_this_server_are_let_through() {
        assert!(!refused(&[("origin", "https://chat.example.org")]));
        assert!(!refused(&[("origin", "http://127.0.0.1:8080")]));
        assert!(!refused(&[("sec-fetch-site", "same-origin"), ("cookie", "loquat_session=a")]));
    }

    #[test]
    fn pages_of_others_are_not() {
        for origin in [
            "null",
            "http://chat.example.org",
            "https://chat.example.org.evil.example",
            "https://chat.example.org:8443",
            "https://evil.example",
            "https://127.0.0.1:8080",
            "http://127.0.0.1:8081",
            "http://localhost:8080",
            "http://",
        ] {
            assert!(refused(&[("origin", origin), ("cookie", "loquat_session=a")]), "{origin}");
            assert!(refused(&[("origin", origin), ("sec-fetch-site", "same-origin")]), "{origin}");
            assert!(refused(&[("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site", "none"] {
            assert!(refused(&[("sec-fetch-site", site), ("cookie", "loquat_session=a")]), "{site}");
        }
    }

    #[test]
    fn a_program_needs_no_origin_unless_it_uses_the_cookie() {
        assert!(!refused(&[]));
        assert!(refused(&[("cookie", "loquat_session=a")]));
        assert!(!refused(&[("authorization", "Bearer lqt_a"), ("cookie", "loquat_session=a")]));
    }
}
