//! Readers that take their time with an answer.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body, response::Response, routing::get};
use bytes::Bytes;
use http::StatusCode;
use loquat_gateway::{Manners, Site};
use loquat_protocol::ErrorInfo;
use tokio::{io::AsyncReadExt, net::TcpStream, sync::Notify, time::timeout};

use crate::{
    listener::{Running, Setup},
    support::Server,
};

/// Larger than what the sockets of both ends take.
const LARGE_BYTES: usize = 32 << 20;
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer, and who wants to know when it is no longer held.
struct Large(Vec<u8>, Arc<Notify>);

impl AsRef<[u8]> for Large {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        self.1.notify_one();
    }
}

/// A listener that has large answers, and the sign that one was let go.
fn start(server: &Server, stall_timeout: Duration) -> (Running, Arc<Notify>) {
    let gone = Arc::new(Notify::new());
    let told = Arc::clone(&gone);
    let large = move || {
        let body = Large(vec![b'x'; LARGE_BYTES], Arc::clone(&told));
        std::future::ready(Response::new(Body::from(Bytes::from_owner(body))))
    };
    let routes = Router::new().route("/api/v1/large", get(large));
    let refuse = |error: ErrorInfo| {
        let mut response = Response::new(Body::from(error.message.into_owned()));
        *response.status_mut() = StatusCode::from_u16(error.status_code).unwrap();
        response
    };
    let manners = Manners { refuse: Some(refuse), ..Manners::default() };
    let site = Site { routes, manners, ..Site::default() };
    (Setup { site: Some(site), stall_timeout, ..Setup::default() }.run(server), gone)
}

/// A connection on which the answer has begun.
async fn begin(running: &Running) -> TcpStream {
    let mut stream = running.ask("GET /api/v1/large HTTP/1.1\r\nHost: loquat\r\n\r\n").await;
    let mut line = [0; 12];
    stream.read_exact(&mut line).await.unwrap();
    assert_eq!(&line, b"HTTP/1.1 200");
    stream
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_let_go() {
    let server = Server::start();
    let (running, gone) = start(&server, Duration::from_millis(300));
    let mut reader = begin(&running).await;
    timeout(PATIENCE, gone.notified()).await.unwrap();
    let mut rest = Vec::new();
    // What the sockets held comes still, or the connection is reset.
    drop(timeout(PATIENCE, reader.read_to_end(&mut rest)).await.unwrap());
    assert!(rest.len() < LARGE_BYTES, "{}", rest.len());
}

#[tokio::test]
async fn answers_of_every_part_count_and_what_is_too_much_is_refused_in_its_words() {
    let server = Server::start();
    let (running, gone) = start(&server, PATIENCE);
    let held = [begin(&running).await, begin(&running).await];
    let (status, text) = running.get("/api/v1/large", "*/*").await;
    assert!(
        status == 503 && text.ends_with("too many large answers wait to be taken; read them, and try again")
    );
    // That of the refused one.
    gone.notified().await;
    assert_eq!(running.get("/time", "*/*").await.0, 200);
    drop(held);
    for _ in 0..2 {
        timeout(PATIENCE, gone.notified()).await.unwrap();
    }
    drop(begin(&running).await);
}
