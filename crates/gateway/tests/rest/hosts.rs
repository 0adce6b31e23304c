//! Requests that name no host, or several.

use axum::{Router, routing::get};
use loquat_gateway::Site;
use tokio::io::AsyncReadExt;

use crate::{
    listener::{Running, listen},
    support::{ROOT, Server},
};

const UPGRADE: &str =
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

async fn ask(running: &Running, request: &str) -> String {
    let mut text = String::new();
    running.ask(request).await.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_request_of_1_1_names_exactly_one_host() {
    let server = Server::start();
    let routes = Router::new().route("/api/v1/here", get(async || "here"));
    let running = listen(&server, Some(Site { routes, ..Site::default() }));
    for path in ["/time", "/api/v1/here", "/nothing"] {
        for hosts in ["", "Host: a\r\nHost: a\r\n", "Host: a\r\nHost: b\r\n", "Host: a b\r\n"] {
            let text =
                ask(&running, &format!("GET {path} HTTP/1.1\r\n{hosts}Connection: keep-alive\r\n\r\n")).await;
            assert!(text.starts_with("HTTP/1.1 400"), "{path} {hosts}: {text}");
            assert!(text.contains("\"code\":40000") && text.contains("ost"), "{text}");
        }
    }
    for request in
        ["GET /time HTTP/1.0\r\n\r\n", "GET /time HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\n\r\n"]
    {
        let text = ask(&running, request).await;
        assert!(text.contains(" 200 OK\r\n"), "{text}");
    }
}

#[tokio::test]
async fn nor_does_a_realtime_connection_come_of_it() {
    let server = Server::start();
    let running = listen(&server, None);
    for hosts in ["", "Host: a\r\nHost: b\r\n"] {
        let head = format!("GET /?key={ROOT} HTTP/1.1\r\n{hosts}Connection: Upgrade\r\n{UPGRADE}\r\n");
        let text = ask(&running, &head).await;
        assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    }
}
