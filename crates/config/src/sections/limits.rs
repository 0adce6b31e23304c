//! Budgets at the door: how many connections, and how fast they may come.

use std::time::Duration;

section! { "Limits", "limits.",
/// Budgets at the door, per node.
Limits {
    /// Connections open at once. Keep it below the process's limit of open files.
    max_connections: u32 = "100000", in "1"..="100000000";
    /// Connections open at once from one address. A proxy in front counts as one address unless it is one of
    /// `trusted_proxies`: then what it brings counts where it comes from.
    max_connections_per_address: u32 = "20000", in "1"..="100000000";
    /// New connections per second from one address; as many again may come at once after a pause.
    max_handshakes_per_address_per_second: u32 = "2000", in "1"..="1000000";
    /// Time for a new connection to complete TLS, the request head and the upgrade.
    handshake_timeout: Duration = "10s", in "100ms"..="5m";
    /// How long the reader of an HTTP answer may take nothing of it before its connection is closed.
    http_stall_timeout: Duration = "30s", in "1s"..="1h";
}}
