//! What a server tells on its monitoring port.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::Server;

/// A GET; `None` when the server does not answer with 200.
fn get(server: &Server, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", server.monitor_port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.lines().next()?.contains(" 200 ").then(|| body.to_owned())
}

/// Whether the server has found its cluster and has everything that it should.
pub fn is_healthy(server: &Server) -> bool {
    get(server, "/healthz").is_some()
}

/// The name of the server that leads a stream, as this one knows it.
pub fn leader(server: &Server, account: usize, stream: &str) -> Option<String> {
    let answer = get(server, &format!("/jsz?acc=A{account}&streams=true"))?;
    let jsz: serde_json::Value = serde_json::from_str(&answer).ok()?;
    let streams = jsz["account_details"][0]["stream_detail"].as_array()?;
    let found = streams.iter().find(|found| found["name"] == stream)?;
    found["cluster"]["leader"].as_str().map(str::to_owned)
}
