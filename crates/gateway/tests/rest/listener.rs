//! A listener over real sockets, with routes beside the realtime API.

use std::{net::SocketAddr, time::Duration};

use loquat_gateway::{Listener, ListenerOptions, Network, Site, State, TrustedProxies, budget::BudgetLimits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
};

use crate::support::{ROOT, Server};

/// A listener, and what ends it when dropped.
pub struct Running {
    pub address: SocketAddr,
    _stop: watch::Sender<bool>,
}

/// A listener to be.
pub struct Setup {
    pub site: Option<Site>,
    pub per_address_max: usize,
    /// The address whose word about its clients is believed.
    pub proxy: &'static str,
    pub stall_timeout: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        let stall_timeout = Duration::from_secs(30);
        Self { site: None, per_address_max: 100, proxy: "192.0.2.1", stall_timeout }
    }
}

pub fn listen(server: &Server, site: Option<Site>) -> Running {
    Setup { site, ..Setup::default() }.run(server)
}

impl Setup {
    pub fn run(self, server: &Server) -> Running {
        let budget = BudgetLimits {
            connections_max: 100,
            connections_per_address_max: self.per_address_max,
            handshakes_per_address_per_second: 100_000,
        };
        let options = ListenerOptions {
            budget,
            handshake_timeout: Duration::from_secs(5),
            stall_timeout: self.stall_timeout,
            head_bytes_max: 65_536,
            debug_echo: false,
        };
        let state = State::new(server.node.clone(), false);
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(address, state, options, None).unwrap();
        let listener = match self.site {
            Some(site) => listener.with_site(site),
            None => listener,
        };
        let proxies = TrustedProxies::new(vec![Network::new(self.proxy.parse().unwrap(), 32)]);
        let listener = listener.behind(proxies);
        let address = listener.address().unwrap();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(listener.run(stopped, Duration::ZERO));
        Running { address, _stop: stop }
    }
}

impl Running {
    pub async fn get(&self, path: &str, accept: &str) -> (u16, String) {
        let head = format!("GET {path} HTTP/1.1\r\nHost: loquat\r\nConnection: close\r\nAccept: {accept}");
        let mut stream = self.ask(&format!("{head}\r\n\r\n")).await;
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        (text[9..12].parse().unwrap(), text)
    }

    /// A connection on which this was sent.
    pub async fn ask(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Asks for a realtime connection on behalf of these hops; gives what follows and the status.
    pub async fn upgrade(&self, hops: &str) -> (TcpStream, u16) {
        let head = format!(
            "GET /?key={ROOT} HTTP/1.1\r\nHost: loquat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Forwarded-For: {hops}\r\n\r\n"
        );
        let mut stream = self.ask(&head).await;
        let mut line = [0; 12];
        stream.read_exact(&mut line).await.unwrap();
        let status = String::from_utf8_lossy(&line[9..]).parse().unwrap();
        (stream, status)
    }
}
