//! What CONNECTED tells a client about its connection (specification CD2).

use serde::{Deserialize, Serialize};

/// The limits and the identity of a connection. Durations in milliseconds, sizes in bytes.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectionDetails {
    /// The client id that the server has accepted, `*` for one that may take any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Proof of the connection, to resume it with; safe to put into a URL's path.
    pub connection_key: String,
    /// Largest sum of the sizes of the messages in one frame.
    pub max_message_size: u64,
    /// Messages a second that the connection may publish.
    pub max_inbound_rate: u64,
    /// Largest frame.
    pub max_frame_size: u64,
    /// Longest silence of the server before a client may take the connection for dead.
    pub max_idle_interval: u64,
    /// How long the connection can be resumed after its socket is gone.
    pub connection_state_ttl: u64,
    /// The node that answers.
    pub server_id: String,
}
