//! The session's cookie.

use http::{HeaderMap, HeaderValue, header};

/// Over an encrypted connection: the prefix makes browsers refuse it from anywhere but this very host.
const SECURE_NAME: &str = "__Host-loquat_session";
/// Over a plain connection, where browsers do not keep the other one.
const PLAIN_NAME: &str = "loquat_session";

/// The cookie's name.
pub fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

/// The session's secret that a request carries, if it carries exactly one.
pub fn read(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let values = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(key, _)| *key == name(secure)).map(|(_, value)| value);
    let first = found.next().filter(|value| !value.is_empty())?;
    found.next().is_none().then_some(first)
}

/// The header that hands out a session's secret.
pub fn set(secret: &str, secure: bool, ttl_ms: u64) -> HeaderValue {
    header_of(secret, secure, ttl_ms / 1_000)
}

/// The header that takes it back.
pub fn clear(secure: bool) -> HeaderValue {
    header_of("", secure, 0)
}

fn header_of(value: &str, secure: bool, max_age_s: u64) -> HeaderValue {
    let name = name(secure);
    let suffix = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{suffix}");
    let mut header = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, text.parse().unwrap());
        headers
    }

    #[test]
    fn the_cookie_of_the_other_kind_of_connection_is_not_read() {
        let both = with("a=b; loquat_session=plain; __Host-loquat_session=secure");
        assert_eq!(read(&both, true), Some("secure"));
        assert_eq!(read(&both, false), Some("plain"));
        assert_eq!(read(&with("loquat_session=plain"), true), None);
    }

    #[test]
    fn two_of_a_name_are_none() {
        assert_eq!(read(&with("loquat_session=a; loquat_session=b"), false), None);
        assert_eq!(read(&with("loquat_session="), false), None);
    }

    #[test]
    fn the_header_says_everything_and_is_not_logged() {
        let header = set("secret", true, 1_000);
        assert_eq!(
            header,
            "__Host-loquat_session=secret; Path=/; Max-Age=1; HttpOnly; SameSite=Strict; Secure"
        );
        assert!(!format!("{header:?}").contains("secret"));
        assert_eq!(clear(false), "loquat_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    }
}
