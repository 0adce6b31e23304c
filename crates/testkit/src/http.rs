//! A small HTTP/1.1 client: one request per connection, answers whole.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::KEY;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head's lines, the status line first.
    pub head: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of the protocol's error in the body; 0 when there is none.
    pub fn code(&self) -> u64 {
        self.json()["error"]["code"].as_u64().unwrap_or_default()
    }

    /// Every value of a header.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.head.iter().filter_map(move |line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// `GET` with the test server's key.
///
/// # Errors
/// When the server is away or answers no HTTP.
pub fn get(server: SocketAddr, path: &str) -> io::Result<Answer> {
    send(server, &format!("GET {path} HTTP/1.1\r\n{}\r\n", head()))
}

/// `POST` of JSON with the test server's key.
///
/// # Errors
/// When the server is away or answers no HTTP.
pub fn post(server: SocketAddr, path: &str, body: &Value) -> io::Result<Answer> {
    let body = body.to_string();
    let length = body.len();
    let typed = "Content-Type: application/json\r\n";
    send(server, &format!("POST {path} HTTP/1.1\r\n{}{typed}Content-Length: {length}\r\n\r\n{body}", head()))
}

fn head() -> String {
    let key = STANDARD.encode(KEY);
    format!("Host: loquat\r\nAuthorization: Basic {key}\r\nX-Ably-Version: 6\r\nConnection: close\r\n")
}

fn send(server: SocketAddr, request: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&server, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&bytes).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no whole HTTP answer"))
}

/// An answer whose length is given or that ends with the connection.
pub fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head: Vec<String> =
        std::str::from_utf8(&bytes[..end]).ok()?.split("\r\n").map(str::to_owned).collect();
    let status = head.first()?.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer { status, head, body: bytes[end + 4..].to_vec() };
    let length: Option<usize> = answer.header("content-length").next().and_then(|text| text.parse().ok());
    match length {
        Some(length) if answer.body.len() < length => return None,
        Some(length) => answer.body.truncate(length),
        None => {}
    }
    Some(answer)
}

/// A word for a path or query: everything but letters and digits is escaped.
pub fn escape(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escaped).collect()
}
