//! As much of HTTP/1.1 as the tests need: one kept-alive connection, JSON bodies with a length.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::PATIENCE;

/// A client with a key.
pub struct Http {
    stream: BufReader<TcpStream>,
    host: String,
    authorization: String,
    /// The `link` headers of the last answer.
    links: String,
}

impl Http {
    /// Connects.
    pub fn connect(address: &str, key: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server takes connections");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        let authorization = format!("Basic {}", STANDARD.encode(key));
        Self { stream: BufReader::new(stream), host: address.to_owned(), authorization, links: String::new() }
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
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.host,
            self.authorization,
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
                Some(("link", value)) => self.links = format!("{},{value}", self.links),
                Some(_) => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        (status, serde_json::from_slice(&body).unwrap_or_default())
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
