//! What a listener serves beside the realtime API, over sockets.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, extract::ConnectInfo, routing::get};
use http::{Uri, uri::Scheme};
use loquat_gateway::{Listener, ListenerOptions, Site, State, budget::BudgetLimits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
};

use crate::support::Server;

const BROWSER: &str = "text/html,*/*;q=0.8";

async fn who(ConnectInfo(address): ConnectInfo<SocketAddr>, request: axum::extract::Request) -> String {
    let scheme = request.extensions().get::<Scheme>().map_or("none", Scheme::as_str);
    format!("{} by {scheme}", address.ip())
}

async fn page(uri: Uri) -> String {
    format!("page of {}", uri.path())
}

/// A listener, and what ends it when dropped.
struct Running {
    address: SocketAddr,
    _stop: watch::Sender<bool>,
}

fn listen(server: &Server, site: Option<Site>) -> Running {
    let budget = BudgetLimits {
        connections_max: 100,
        connections_per_address_max: 100,
        handshakes_per_address_per_second: 1_000,
    };
    let options = ListenerOptions {
        budget,
        handshake_timeout: Duration::from_secs(5),
        head_bytes_max: 65_536,
        debug_echo: false,
    };
    let state = State::new(server.node.clone(), false);
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), state, options, None).unwrap();
    let listener = match site {
        Some(site) => listener.with_site(site),
        None => listener,
    };
    let address = listener.address().unwrap();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(listener.run(stopped, Duration::ZERO));
    Running { address, _stop: stop }
}

fn site() -> Site {
    let routes = Router::new().route("/api/v1/who", get(who));
    Site { routes, page: Some(Router::new().fallback(page)) }
}

impl Running {
    async fn get(&self, path: &str, accept: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: loquat\r\nConnection: close\r\nAccept: {accept}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        (text[9..12].parse().unwrap(), text)
    }
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
