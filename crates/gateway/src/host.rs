//! The host that a request names. Whoever stands in front may go by another line of it than this server, so a request
//! that names none or several is not answered (RFC 9112 section 3.2).

use std::net::Ipv6Addr;

use http::{HeaderMap, Version, header, uri::Authority};
use loquat_protocol::{ErrorCode, ErrorInfo};

/// Whether a request names one host; before HTTP/1.1 it need not.
///
/// # Errors
/// 40000 with what is wrong.
pub fn check(version: Version, headers: &HeaderMap) -> Result<(), ErrorInfo> {
    let mut lines = headers.get_all(header::HOST).into_iter();
    let wrong = match (lines.next(), lines.next()) {
        (Some(line), None) if line.to_str().is_ok_and(is_host) => return Ok(()),
        (None, _) if version < Version::HTTP_11 => return Ok(()),
        (None, _) => "the request names no host: HTTP/1.1 needs a Host header",
        (Some(_), None) => "the request's Host header is not a host with or without a port",
        (Some(_), Some(_)) => "the request names more than one host",
    };
    Err(ErrorInfo::new(ErrorCode::BadRequest, wrong))
}

/// An empty one is right for targets without a host.
fn is_host(text: &str) -> bool {
    let port = text.rsplit_once(':').filter(|(_, port)| !port.contains(']'));
    let (host, port) = port.unwrap_or((text, ""));
    let is_port = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    text.is_empty() || (is_port && is_name(host))
}

fn is_name(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => !host.contains(['@', ':']) && host.parse::<Authority>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn checked(version: Version, lines: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::HOST, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        check(version, &headers).is_ok()
    }

    #[test]
    fn there_is_one_host_that_can_be_one() {
        for line in ["a", "chat.example.org", "a:8080", "a:", "127.0.0.1:1", "[::1]", "[::1]:443", "a_b", ""]
        {
            assert!(checked(Version::HTTP_11, &[line]), "{line:?}");
        }
        for line in [
            "a b", "me@a", "a:b", "a:123456", "a/b", "a, b", "http://a", "::1", "[::1", "[::1]x:1", "ä", ":1",
        ] {
            assert!(!checked(Version::HTTP_11, &[line]), "{line:?}");
        }
    }

    #[test]
    fn none_is_right_only_before_1_1_and_two_never() {
        assert!(!checked(Version::HTTP_11, &[]) && checked(Version::HTTP_10, &[]));
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert!(!checked(version, &["a", "a"]));
        }
    }
}
