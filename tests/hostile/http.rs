//! HTTP that is none, or too much of it.

use std::{
    io::{self, Read, Write},
    time::Duration,
};

use loquat_testkit::{
    Setup, http,
    link::{Wanted, tcp},
};

use crate::peace::Peace;

/// What comes back for these bytes until the server closes.
fn answers(setup: &Setup, bytes: &[u8]) -> String {
    let mut stream = tcp(setup.address, &Wanted::default()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(15))).expect("a socket");
    // It may close before it has read everything.
    let sent = stream.write_all(bytes);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("no end after {sent:?}: {error}"),
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn garbage_is_refused_and_closed() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let noise: Vec<u8> = (0..20_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let requests: [&[u8]; 6] = [
        &noise,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    ];
    for bytes in requests {
        let answer = answers(&setup, bytes);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    peace.holds(8);
    peace.returns();
}

#[test]
fn a_head_of_ten_megabytes_is_refused() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let mut head = b"GET /time HTTP/1.1\r\nHost: x\r\nX-Long: ".to_vec();
    head.resize(10 << 20, b'a');
    let answer = answers(&setup, &head);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let mut many = b"GET /time HTTP/1.1\r\nHost: x\r\n".to_vec();
    (0..200_000).for_each(|_| many.extend_from_slice(b"A: b\r\n"));
    let answer = answers(&setup, &many);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    peace.holds(8);
    peace.returns();
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let body = serde_json::json!({ "data": "x".repeat(8 << 20) }).to_string();
    let length = body.len();
    let head = format!(
        "POST /channels/a/messages?key={} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
        loquat_testkit::KEY
    );
    let answer = answers(&setup, &[head.as_bytes(), body.as_bytes()].concat());
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Without a length, in pieces.
    let head = head.replace(&format!("Content-Length: {length}"), "Transfer-Encoding: chunked");
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(64);
    let answer = answers(&setup, &[head.as_bytes(), piece.as_bytes()].concat());
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    peace.holds(16);
    peace.returns();
}

#[test]
fn requests_in_one_piece_are_all_answered_in_order() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let mut requests =
        "GET /time HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    requests.push_str("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let answer = answers(&setup, requests.as_bytes());
    let statuses: Vec<_> = answer.split("HTTP/1.1 ").skip(1).map(|part| &part[..3]).collect();
    assert_eq!(statuses.len(), 201, "{statuses:?}");
    assert!(statuses[..200].chunks(2).all(|pair| pair == ["200", "404"]), "{statuses:?}");
    assert_eq!(statuses[200], "200");
    peace.holds(8);
}

#[test]
fn upgrades_that_are_none_are_refused() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n";
    let good = "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n";
    for (headers, status) in [
        ("", "426"),
        ("Sec-WebSocket-Version: 13\r\n", "400"),
        ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", "400"),
        (&*format!("Sec-WebSocket-Version: 8\r\n{good}"), "426"),
    ] {
        let answer = answers(&setup, format!("{upgrade}{headers}\r\n").as_bytes());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{headers}: {answer}");
    }
    assert_eq!(http::get(setup.address, "/time").expect("an answer").status, 200);
    peace.holds(8);
    peace.returns();
}
