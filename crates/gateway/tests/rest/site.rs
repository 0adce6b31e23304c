//! What a listener serves beside the realtime API, over sockets.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, extract::ConnectInfo, routing::get};
use http::{Uri, uri::Scheme};
use loquat_gateway::Site;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    listener::{Setup, listen},
    support::Server,
};

const BROWSER: &str = "text/html,*/*;q=0.8";

async fn who(ConnectInfo(address): ConnectInfo<SocketAddr>, request: axum::extract::Request) -> String {
    let scheme = request.extensions().get::<Scheme>().map_or("none", Scheme::as_str);
    format!("{} by {scheme}", address.ip())
}

async fn page(uri: Uri) -> String {
    format!("page of {}", uri.path())
}

fn site() -> Site {
    let routes = Router::new().route("/api/v1/who", get(who));
    Site { routes, page: Some(Router::new().fallback(page)), ..Site::default() }
}

#[tokio::test]
async fn the_page_is_for_browsers_and_an_unknown_api_path_is_the_protocols_404() {
    let server = Server::start();
    let running = listen(&server, Some(site()));
    for path in ["/", "/rooms/r_abc"] {
        let (status, text) = running.get(path, BROWSER).await;
        assert!(status == 200 && text.ends_with(&format!("page of {path}")), "{text}");
    }
    assert!(running.get("/", "*/*").await.1.ends_with("page of /"));
    for (path, accept) in [("/rooms", "*/*"), ("/channels/a/b/c", BROWSER), ("/api/v1/nothing", BROWSER)] {
        let (status, text) = running.get(path, accept).await;
        assert!(status == 404 && text.contains("\"code\":40400"), "{text}");
    }
    assert_eq!(running.get("/time", BROWSER).await.0, 200);
}

#[tokio::test]
async fn a_route_beside_the_api_sees_its_client_and_stays_closed_to_other_origins() {
    let server = Server::start();
    let (status, text) = listen(&server, Some(site())).get("/api/v1/who", "application/json").await;
    assert!(status == 200 && text.ends_with("127.0.0.1 by http"), "{text}");
    assert!(!text.to_lowercase().contains("access-control-allow-origin"), "{text}");
    let (status, text) = listen(&server, Some(site())).get("/api/v1/nothing", "application/json").await;
    assert!(status == 404 && !text.to_lowercase().contains("access-control-allow-origin"), "{text}");
}

#[tokio::test]
async fn without_a_site_every_unknown_path_is_the_protocols_404() {
    let server = Server::start();
    let running = listen(&server, None);
    for path in ["/", "/rooms", "/api/v1/who"] {
        let (status, text) = running.get(path, BROWSER).await;
        assert!(status == 404 && text.contains("\"code\":40400"), "{text}");
    }
}

#[tokio::test]
async fn a_trusted_proxys_client_is_who_it_is_and_nobody_elses_word_counts() {
    let server = Server::start();
    let behind = |server, proxy| Setup { site: Some(site()), proxy, ..Setup::default() }.run(server);
    let forged = "*/*\r\nX-Forwarded-For: 203.0.113.9, 198.51.100.7\r\nX-Forwarded-Proto: https";
    let (_, text) = behind(&server, "127.0.0.1").get("/api/v1/who", forged).await;
    assert!(text.ends_with("198.51.100.7 by https"), "{text}");
    let (_, text) = behind(&server, "127.0.0.2").get("/api/v1/who", forged).await;
    assert!(text.ends_with("127.0.0.1 by http"), "{text}");
}

#[tokio::test]
async fn a_connection_through_a_proxy_counts_where_it_comes_from() {
    let server = Server::start();
    let running = Setup { per_address_max: 1, proxy: "127.0.0.1", ..Setup::default() }.run(&server);
    let (mut held, status) = running.upgrade("198.51.100.7").await;
    assert_eq!(status, 101);
    let (mut refused, status) = running.upgrade("203.0.113.9, 198.51.100.7").await;
    assert_eq!(status, 429);
    let mut rest = String::new();
    // It is closed: what was refused has no part of the budget any more.
    refused.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("too many connections from this address"), "{rest}");
    let (_other, status) = running.upgrade("198.51.100.8").await;
    assert_eq!(status, 101);
    // Requests are no connections of the client's: the proxy holds those, as many as it likes.
    assert_eq!(running.get("/time", "*/*\r\nX-Forwarded-For: 198.51.100.7").await.0, 200);
    held.shutdown().await.unwrap();
    let again = async {
        while running.upgrade("198.51.100.7").await.1 != 101 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.unwrap();
}

/// A connection whose upgrade was refused goes on, and so does its part of the budget.
#[tokio::test]
async fn a_connection_that_is_not_upgraded_still_counts() {
    let server = Server::start();
    let running = Setup { per_address_max: 1, ..Setup::default() }.run(&server);
    let mut held = TcpStream::connect(running.address).await.unwrap();
    let head = "GET / HTTP/1.1\r\nHost: loquat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    for _ in 0..2 {
        held.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 4_096];
        let length = held.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 426"), "{}", String::from_utf8_lossy(&answer));
    }
    let (status, text) = running.get("/time", "*/*").await;
    assert!(status == 429 && text.contains("too many connections from this address"), "{text}");
}
