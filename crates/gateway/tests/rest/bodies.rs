//! Requests whose bodies take their time, over sockets.

use std::time::Duration;

use axum::{Router, body::Body, response::Response, routing::post};
use bytes::Bytes;
use http::{StatusCode, header};
use loquat_gateway::{Knows, Manners, Site};
use loquat_protocol::ErrorInfo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    listener::{Running, listen},
    support::{ROOT, Server},
};

const PATIENCE: Duration = Duration::from_secs(20);
/// What is not counted of a body.
const FREE: usize = 4 << 10;
const MIB: usize = 1 << 20;
/// A little more than what is free, and than what eight bodies leave of the part of one address, 8 MiB.
const MORE: usize = FREE + 16;

/// A route that is told how large its body was; whoever sends `friend` is known.
fn site() -> Site {
    let size = |body: Bytes| async move { body.len().to_string() };
    let routes =
        Router::new().route("/api/v1/size", post(size)).layer(axum::extract::DefaultBodyLimit::disable());
    let refuse = |error: ErrorInfo| {
        let mut response = Response::new(Body::from(error.message.into_owned()));
        *response.status_mut() = StatusCode::from_u16(error.status_code).unwrap();
        response
    };
    let knows = Knows::new(|head| std::future::ready(head.headers.contains_key("friend")));
    let manners = Manners { refuse: Some(refuse), knows: Some(knows) };
    Site { routes, manners, ..Site::default() }
}

/// A request of which all but the last byte is sent.
async fn begin(running: &Running, more: &str, size: usize) -> TcpStream {
    let head = format!("POST /api/v1/size HTTP/1.1\r\nHost: loquat\r\n{more}Content-Length: {size}\r\n\r\n");
    let mut stream = running.ask(&head).await;
    stream.write_all(&vec![b'x'; size - 1]).await.unwrap();
    stream
}

/// A request in full.
fn whole(more: &str, size: usize) -> String {
    let head = "POST /api/v1/size HTTP/1.1\r\nHost: loquat\r\nConnection: close\r\n";
    format!("{head}{more}Content-Length: {size}\r\n\r\n{}", "x".repeat(size))
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut some = vec![0; 4_096];
    let length = timeout(PATIENCE, stream.read(&mut some)).await.unwrap().unwrap();
    String::from_utf8_lossy(&some[..length]).into_owned()
}

#[tokio::test]
async fn strangers_who_dawdle_are_bounded_together_and_those_who_are_known_go_on() {
    let server = Server::start();
    let running = listen(&server, Some(site()));
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(begin(&running, "", FREE + MIB).await);
    }
    let refused = async {
        loop {
            let text = answer(&mut running.ask(&whole("", MORE)).await).await;
            if !text.starts_with("HTTP/1.1 200") {
                return text;
            }
            // What was sent may still be on its way to the server.
            tokio::task::yield_now().await;
        }
    };
    let text = timeout(PATIENCE, refused).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 429") && text.contains("too many large requests"), "{text}");
    for (more, size) in [("", FREE), ("Friend: yes\r\n", MORE)] {
        let text = answer(&mut running.ask(&whole(more, size)).await).await;
        assert!(text.starts_with("HTTP/1.1 200") && text.ends_with(&format!("\r\n{size}")), "{text}");
    }
    let first = held.first_mut().unwrap();
    first.write_all(b"x").await.unwrap();
    let text = answer(first).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with(&(FREE + MIB).to_string()), "{text}");
}

#[tokio::test]
async fn the_realtime_api_says_it_in_its_own_words_and_knows_its_keys() {
    let server = Server::start();
    let running = listen(&server, Some(site()));
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(begin(&running, "", FREE + MIB).await);
    }
    let (body, key) = (format!("{{\"name\":\"n\"}}{}", " ".repeat(MORE)), base64(ROOT));
    let post = |more: &str| {
        format!(
            "POST /keys/app.root/requestToken HTTP/1.1\r\nHost: loquat\r\nContent-Type: application/json\r\n\
             Connection: close\r\n{more}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let refused = async {
        loop {
            let text = answer(&mut running.ask(&post("")).await).await;
            if text.starts_with("HTTP/1.1 429") {
                return text.to_lowercase();
            }
        }
    };
    let text = timeout(PATIENCE, refused).await.unwrap();
    assert!(text.contains("\"code\":42910") && text.contains("\r\nretry-after: 1\r\n"), "{text}");
    assert!(text.contains("access-control-allow-origin: *"), "{text}");
    let publish = post(&format!("{}: Basic {key}\r\n", header::AUTHORIZATION));
    let publish = publish.replace("/keys/app.root/requestToken", "/channels/c/messages");
    let text = answer(&mut running.ask(&publish).await).await;
    assert!(text.starts_with("HTTP/1.1 201"), "{text}");
}

fn base64(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(text)
}
