//! What the page may do: load its own files, talk to its own server, and nothing else.

use axum::extract::Request;
use http::{HeaderMap, HeaderValue, header, uri::Scheme};

/// The policy of a page at the address that the request named. `'self'` covers WebSockets only in newer browsers, so they
/// are named too.
pub fn of(request: &Request, public_https: bool) -> HeaderValue {
    let tls = request.extensions().get::<Scheme>().is_some_and(|scheme| *scheme == Scheme::HTTPS);
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let host = request.uri().authority().map(|authority| authority.as_str()).or(host);
    let sockets = match host.filter(|host| is_host(host)) {
        Some(host) if tls => format!(" wss://{host}"),
        Some(host) if public_https => format!(" wss://{host} ws://{host}"),
        Some(host) => format!(" ws://{host}"),
        None => String::new(),
    };
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'{sockets}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types loquat"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Whether it is a host with or without a port, and nothing that would end the directive.
fn is_host(host: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-:[]_".contains(c);
    !host.is_empty() && host.len() <= 300 && host.chars().all(fits)
}

/// Puts the policy and its companions onto an answer.
pub fn apply(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn policy(host: &'static str, scheme: Scheme, public_https: bool) -> String {
        let mut request = Request::builder().uri("/").header("host", host).body(Body::empty()).unwrap();
        request.extensions_mut().insert(scheme);
        of(&request, public_https).to_str().unwrap().to_owned()
    }

    #[test]
    fn the_page_talks_to_its_own_host_only() {
        let plain = policy("127.0.0.1:8080", Scheme::HTTP, false);
        assert!(plain.contains("connect-src 'self' ws://127.0.0.1:8080;"), "{plain}");
        let tls = policy("chat.example.org", Scheme::HTTPS, false);
        assert!(tls.contains("connect-src 'self' wss://chat.example.org;"), "{tls}");
        let proxied = policy("chat.example.org", Scheme::HTTP, true);
        assert!(proxied.contains("wss://chat.example.org"), "{proxied}");
    }

    #[test]
    fn a_host_cannot_write_into_the_policy() {
        for host in ["a; script-src *", "a *", "a'", "a,b"] {
            assert!(policy(host, Scheme::HTTP, false).contains("connect-src 'self';"), "{host}");
        }
    }
}
