//! What a realtime connection may do, and what it is told in CONNECTED.

use std::time::Duration;

use crate::ByteSize;

section! { "Realtime", "realtime.",
/// What a realtime connection may do. Clients are told the limits that concern them when they connect.
Realtime {
    /// Largest message: name, data, client id and extras together.
    max_message_bytes: ByteSize = "64KiB", in "1KiB"..="16MiB";
    /// Largest WebSocket frame, after reassembly, that a client may send.
    max_frame_bytes: ByteSize = "512KiB", in "4KiB"..="64MiB";
    /// How long a connection that was lost can be resumed under its own id.
    connection_state_ttl: Duration = "2m", in "1s"..="1d";
    /// Longest silence of the server: it sends a heartbeat when there is nothing else to send.
    max_idle_interval: Duration = "15s", in "1s"..="10m";
    /// How long a presence member whose connection was lost stays before it is seen to leave.
    presence_grace: Duration = "15s", in "0s"..="1h";
    /// Messages per second that one connection may publish in the long run.
    max_inbound_rate_per_second: u32 = "200", in "1"..="1000000";
    /// Messages that one connection may publish at once after a pause.
    max_inbound_burst: u32 = "400", in "1"..="10000000";
    /// Channels that one connection may be attached to.
    max_channels_per_connection: u32 = "200", in "1"..="1000000";
    /// Presence members on one channel.
    max_presence_members_per_channel: u32 = "20000", in "1"..="1000000";
    /// How far a connection that reads slowly may fall behind the live stream of its channels, in bytes
    /// of messages, before it is told to reconnect and resume.
    max_lag_bytes: ByteSize = "16MiB", in "64KiB"..="4GiB";
}}
