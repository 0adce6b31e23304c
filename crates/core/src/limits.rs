//! The bounds of connections and channels, and what happens at each.

/// Bounds that hold for every connection of a node. Sizes in bytes, durations in milliseconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Sum of the sizes of the messages of one frame; beyond: NACK 40009.
    pub message_bytes_max: usize,
    /// Size of one frame; beyond: the connection is closed with 40009 (WebSocket code 1009).
    pub frame_bytes_max: usize,
    /// Messages in one frame; beyond: NACK 40009.
    pub messages_per_frame_max: usize,
    /// Messages a second that a connection may publish, with bursts of as many; beyond: NACK 42911.
    pub inbound_rate_max: u32,
    /// Publishes of one connection that wait for the log; beyond: its socket is not read.
    pub in_flight_max: usize,
    /// Channels attached on one connection; beyond: 90010.
    pub channels_max: usize,
    /// Presence members that one connection may have entered; beyond: NACK 91003.
    pub members_per_connection_max: usize,
    /// Presence members of one channel; beyond: NACK 91003.
    pub members_per_channel_max: usize,
    /// What the presence members of one channel show, together; beyond: NACK 91003.
    pub presence_bytes_per_channel_max: usize,
    /// Bytes of frames other than messages that wait for a slow reader; beyond: the connection is closed.
    pub control_bytes_max: usize,
    /// How long a reader may take nothing while something waits for it; beyond: the connection is closed, to be resumed.
    pub stalled_ms_max: u64,
    /// Longest silence of the server.
    pub idle_interval_ms: u64,
    /// How long a connection can be resumed after its socket is gone.
    pub connection_state_ttl_ms: u64,
    /// How long a member stays after its connection's socket is gone, unless the client asked for another time.
    pub presence_grace_ms: u64,
    /// How long before a token's end the client is asked for another one; half-way through what is left of a shorter one.
    pub reauth_lead_ms: u64,
    /// This node's name, as CONNECTED tells it.
    pub server_id: String,
    /// Entries delivered per step of a catch-up.
    pub catch_up_entries: usize,
    /// Partitions of the log.
    pub partitions: u16,
    /// Keys the hash of message ids.
    pub dedupe_secret: [u8; 16],
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes_max: 65_536,
            frame_bytes_max: 262_144,
            messages_per_frame_max: 1_000,
            inbound_rate_max: 50_000,
            in_flight_max: 1_024,
            channels_max: 2_000,
            members_per_connection_max: 1_000,
            members_per_channel_max: 20_000,
            presence_bytes_per_channel_max: 4 << 20,
            control_bytes_max: 1 << 20,
            stalled_ms_max: 30_000,
            idle_interval_ms: 15_000,
            connection_state_ttl_ms: 120_000,
            presence_grace_ms: 15_000,
            reauth_lead_ms: 30_000,
            server_id: "loquat".to_owned(),
            catch_up_entries: 256,
            partitions: 16,
            dedupe_secret: [0; 16],
        }
    }
}
