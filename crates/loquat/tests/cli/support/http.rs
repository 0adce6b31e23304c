//! As much of HTTP/1.1 as the tests need: one kept-alive connection, JSON bodies with a length.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::PATIENCE;

/// A client with a key, or like a browser with the cookie that it is given.
pub struct Http {
    stream: BufReader<TcpStream>,
    host: String,
    /// The header lines that say who it is.
    identity: String,
    /// The cookie as it was last given.
    cookie: String,
    /// The `link` headers of the last answer.
    links: String,
}

impl Http {
    /// Connects with a key.
    pub fn connect(address: &str, key: &str) -> Self {
        Self::identified(address, format!("authorization: Basic {}\r\n", STANDARD.encode(key)))
    }

    /// Connects like a browser's page that nobody has signed in to yet.
    pub fn browser(address: &str) -> Self {
        Self::identified(address, format!("origin: http://{address}\r\n"))
    }

    /// The same browser at another server that took the first one's place.
    pub fn moved_to(&self, address: &str) -> Self {
        Self::identified(address, self.identity.replace(&self.host, address))
    }

    fn identified(address: &str, identity: String) -> Self {
        let stream = TcpStream::connect(address).expect("the server takes connections");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream: BufReader::new(stream),
            host: address.to_owned(),
            identity,
            cookie: String::new(),
            links: String::new(),
        }
    }

    /// Publishes a message; gives its serial.
    #[track_caller]
    pub fn publish(&mut self, channel: &str, data: &str) -> String {
        let body = serde_json::json!({ "name": "m", "data": data });
        let (status, answer) = self.send("POST", &format!("/channels/{channel}/messages"), &body.to_string());
        assert_eq!(status, 201, "{answer}");
        answer["serials"][0].as_str().expect("a serial").to_owned()
    }

    /// The whole history of a channel, oldest first.
    #[track_caller]
    pub fn history(&mut self, channel: &str) -> Vec<Value> {
        let mut path = format!("/channels/{channel}/messages?direction=forwards&limit=1000");
        let mut messages: Vec<Value> = Vec::new();
        loop {
            let (status, page) = self.send("GET", &path, "");
            assert_eq!(status, 200, "{page}");
            messages.extend(page.as_array().expect("a page is a list").iter().cloned());
            match next(&self.links) {
                Some(word) => path = format!("/channels/{channel}/{word}"),
                None => return messages,
            }
        }
    }

    /// A request; gives status and body.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> (u16, Value) {
        self.exchange(method, path, "", body)
    }

    fn exchange(&mut self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{}{headers}content-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.host,
            self.identity,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).expect("the server reads");
        let status = self.line().split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut length = 0;
        self.links.clear();
        loop {
            let line = self.line();
            match line.split_once(':') {
                None => break,
                Some(("content-length", value)) => length = value.trim().parse().expect("a length"),
                Some(("set-cookie", value)) => self.keep_cookie(value),
                Some(("link", value)) => self.links = format!("{},{value}", self.links),
                Some(_) => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// A request that must be answered so; gives the body.
    #[track_caller]
    pub fn expect(&mut self, status: u16, method: &str, path: &str, body: &Value) -> Value {
        self.expect_with(status, method, path, "", body)
    }

    /// The same with more header lines.
    #[track_caller]
    pub fn expect_with(
        &mut self,
        status: u16,
        method: &str,
        path: &str,
        headers: &str,
        body: &Value,
    ) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (given, answer) = self.exchange(method, path, headers, &body);
        assert_eq!(given, status, "{method} {path}: {answer}");
        answer
    }

    /// Takes other header lines to say who it is.
    pub fn replace_identity(&mut self, lines: &str) {
        lines.clone_into(&mut self.identity);
    }

    /// The cookie as it was last given, with all that was said of it.
    pub fn cookie_line(&self) -> String {
        self.cookie.clone()
    }

    fn keep_cookie(&mut self, value: &str) {
        value.trim().clone_into(&mut self.cookie);
        let pair = value.split(';').next().unwrap_or_default().trim();
        let origin = format!("origin: http://{}\r\n", self.host);
        self.identity = format!("{origin}cookie: {pair}\r\n");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the server answers");
        line.trim_end().to_owned()
    }
}

/// The next page in `<./messages?query>; rel="next"`, perhaps among other links.
fn next(links: &str) -> Option<&str> {
    let link = links.split(',').find(|link| link.contains("rel=\"next\""))?;
    link.trim().strip_prefix("<./")?.split('>').next()
}
