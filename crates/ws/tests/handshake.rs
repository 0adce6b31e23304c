//! The opening handshake, from both ends.

use http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use loquat_ws::handshake::{
    HEAD_BYTES_MAX, Head, HeadError, ResponseError, Upgrade, UpgradeError, check_response, client_key,
    request, wants_upgrade,
};

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const GOOD: [(&str, &str); 5] = [
    ("Host", "localhost"),
    ("upgrade", "WebSocket"),
    ("Connection", "keep-alive, Upgrade"),
    ("Sec-WebSocket-Key", KEY),
    ("Sec-WebSocket-Version", "13"),
];

fn check(headers: &[(&str, &str)]) -> Result<Upgrade, UpgradeError> {
    Upgrade::check(&Method::GET, Version::HTTP_11, headers)
}

/// The good request with one header replaced, or taken out.
fn check_with(name: &str, value: Option<&str>) -> Result<Upgrade, UpgradeError> {
    let mut headers: Vec<_> = GOOD.into_iter().filter(|(key, _)| !key.eq_ignore_ascii_case(name)).collect();
    headers.extend(value.map(|value| (name, value)));
    check(&headers)
}

#[test]
fn a_good_request_is_accepted() {
    let upgrade = check(&GOOD).expect("a good request");
    assert_eq!(upgrade.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_eq!(check_response(upgrade.response().as_bytes(), KEY), Ok(Some(upgrade.response().len())));
}

#[test]
fn headers_of_the_http_crate_work_too() {
    let mut headers = HeaderMap::new();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.append(header::CONNECTION, HeaderValue::from_static("keep-alive"));
    headers.append(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static(KEY));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    assert!(wants_upgrade(&headers));
    assert!(Upgrade::check(&Method::GET, Version::HTTP_11, &headers).is_ok());
    headers.append(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static(KEY));
    assert_eq!(Upgrade::check(&Method::GET, Version::HTTP_11, &headers), Err(UpgradeError::Key));
}

#[test]
fn each_rule_of_the_request() {
    assert_eq!(Upgrade::check(&Method::POST, Version::HTTP_11, &GOOD[..]), Err(UpgradeError::Method));
    for version in [Version::HTTP_10, Version::HTTP_2] {
        assert_eq!(Upgrade::check(&Method::GET, version, &GOOD[..]), Err(UpgradeError::HttpVersion));
    }
    for value in [None, Some(""), Some("h2c"), Some("websockets")] {
        assert_eq!(check_with("upgrade", value), Err(UpgradeError::NotWebSocket));
    }
    for value in [None, Some("close"), Some("upgrades")] {
        assert_eq!(check_with("connection", value), Err(UpgradeError::NotUpgrade));
    }
    for value in [None, Some("8"), Some("13, 8"), Some("013")] {
        assert_eq!(check_with("sec-websocket-version", value), Err(UpgradeError::Version));
    }
    let keys = ["", "AAAA", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZSE=", "!!!lIHNhbXBsZSBub25jZQ=="];
    for value in keys.into_iter().map(Some).chain([None]) {
        assert_eq!(check_with("sec-websocket-key", value), Err(UpgradeError::Key), "{value:?}");
    }
}

#[test]
fn refusals_say_what_would_be_right() {
    let answer = |error: UpgradeError| (error.status(), error.header());
    let version = (header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    assert_eq!(answer(UpgradeError::Version), (StatusCode::UPGRADE_REQUIRED, Some(version)));
    let upgrade = (header::UPGRADE, HeaderValue::from_static("websocket"));
    assert_eq!(answer(UpgradeError::NotWebSocket), (StatusCode::UPGRADE_REQUIRED, Some(upgrade)));
    assert_eq!(answer(UpgradeError::Method).0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer(UpgradeError::Key), (StatusCode::BAD_REQUEST, None));
}

#[test]
fn our_request_passes_our_check() {
    let key = client_key(b"the sample nonce");
    assert_eq!(key, KEY);
    let sent = request("localhost:8080", "/?v=3", &key);
    let head = Head::parse(sent.as_bytes()).expect("readable").expect("complete");
    assert_eq!(head.start_line, "GET /?v=3 HTTP/1.1");
    assert_eq!(head.len, sent.len());
    assert!(check(&head.headers).is_ok());
}

#[test]
fn each_rule_of_the_response() {
    let good = check(&GOOD).expect("a good request").response();
    let changed = |from: &str, to: &str| check_response(good.replace(from, to).as_bytes(), KEY);
    for end in 0..good.len() {
        assert_eq!(check_response(&good.as_bytes()[..end], KEY), Ok(None));
    }
    let with_frame = [good.as_bytes(), b"\x81\x00"].concat();
    assert_eq!(check_response(&with_frame, KEY), Ok(Some(good.len())));
    assert!(matches!(changed("101", "200"), Err(ResponseError::Refused(line)) if line.contains("200")));
    assert_eq!(changed("Upgrade: websocket", "Upgrade: h2c"), Err(ResponseError::NotUpgrade));
    assert_eq!(changed("Connection: Upgrade", "Connection: close"), Err(ResponseError::NotUpgrade));
    assert_eq!(changed("s3pP", "S3pP"), Err(ResponseError::Accept));
    let extension = "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate";
    assert_eq!(changed("Upgrade: websocket", extension), Err(ResponseError::NotOffered));
}

#[test]
fn heads_are_bounded_and_strict() {
    assert_eq!(Head::parse(&[b'a'; HEAD_BYTES_MAX]), Err(HeadError::TooLong));
    assert_eq!(Head::parse(&[b'a'; HEAD_BYTES_MAX - 1]), Ok(None));
    for head in [
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /\r\nA: b\r\n folded: c\r\n\r\n",
        "GET /\r\nA : b\r\n\r\n",
    ] {
        assert_eq!(Head::parse(head.as_bytes()), Err(HeadError::Malformed), "{head:?}");
    }
}
