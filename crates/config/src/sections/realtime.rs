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
    /// Messages that one client may put into one frame.
    max_messages_per_frame: u32 = "1000", in "1"..="100000";
    /// Messages per second that one connection may publish; after a pause, as many at once.
    max_inbound_rate_per_second: u32 = "50000", in "1"..="1000000";
    /// Publishes of one connection that may wait for their acknowledgement; beyond, its socket is not read.
    max_in_flight_per_connection: u32 = "1024", in "1"..="100000";
    /// Channels that one connection may be attached to.
    max_channels_per_connection: u32 = "2000", in "1"..="1000000";
    /// Presence members that one connection may enter.
    max_presence_members_per_connection: u32 = "1000", in "1"..="1000000";
    /// Presence members on one channel.
    max_presence_members_per_channel: u32 = "20000", in "1"..="1000000";
    /// What the presence members of one channel show, together: their client ids and data. Whoever comes in is sent
    /// all of it.
    max_presence_bytes_per_channel: ByteSize = "4MiB", in "64KiB"..="1GiB";
    /// How long a reader may take nothing while something waits for it. Beyond, it is told to reconnect and
    /// resume; what it missed waits in history.
    slow_reader_timeout: Duration = "30s", in "1s"..="1h";
    /// Bytes of answers and presence, not messages, that may wait for a slow reader before it is cut off.
    max_control_bytes: ByteSize = "1MiB", in "64KiB"..="1GiB";
    /// Memory for recent messages, per partition; what resumes and short histories are served from.
    recent_bytes_per_partition: ByteSize = "16MiB", in "64KiB"..="16GiB";
    /// Age at which a message leaves that memory, if its size hasn't pushed it out before.
    recent_age: Duration = "2m", in "1s"..="1d";
}}
