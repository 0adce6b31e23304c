//! The node itself: where it listens, where it keeps its data, what it does.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::{LogFormat, Network, Role, RootKey};

section! { "The node", "",
/// The node itself: addresses, data, roles, log lines. These keys stand at the top of the file.
Server {
    /// Address of the one listener for WebSocket and REST. Port 0 takes a free port.
    /// Only this machine can connect unless an address of the network is given.
    listen: SocketAddr = "127.0.0.1:8080";
    /// Addresses and networks of the proxies in front, such as `127.0.0.1` or `10.0.0.0/8`. From these alone
    /// `X-Forwarded-For` and `X-Forwarded-Proto` are believed: limits per address and the list of sessions then see
    /// the clients, and cookies and links know whether they came by TLS.
    trusted_proxies: Vec<Network> = "";
    /// Address of the Prometheus metrics, at `/metrics`. Off unless given; it has no access control,
    /// so keep it on a private address.
    metrics_listen: Option<SocketAddr>;
    /// Directory of everything the node keeps: log, store, keys. Made if it is missing.
    data_dir: PathBuf = "./data";
    /// What this node does. `edge` is not available in this release.
    roles: Vec<Role> = "gateway,api,worker";
    /// An API key with every right, `app.key:secret`, instead of the one that a new data directory
    /// gets. Prefer the environment or a file that only the node may read: flags show in process lists.
    /// Take 32 random characters for the secret where strangers can connect: tokens are signed with it.
    root_key: Option<RootKey>;
    /// Offers `POST /apps` without authentication, for test tools that make throw-away applications.
    /// Never turn this on where strangers can connect.
    sandbox: bool = "false";
    /// Directory that the web app is served from, instead of the one inside of the binary; for work on it.
    web_dir: Option<PathBuf>;
    /// Event loops for connections. 0 means one per core.
    shards: u32 = "0", in "0"..="1024";
    /// How long a node that was asked to stop may finish what is in flight.
    shutdown_timeout: Duration = "10s", in "0s"..="10m";
    /// How log lines are written: `text` for people, `json` for machines.
    log_format: LogFormat = "text";
    /// Which log lines are written: a level (`error`, `warn`, `info`, `debug`, `trace`), or several
    /// directives such as `info,loquat_node=debug`.
    log_filter: String = "info";
}}
