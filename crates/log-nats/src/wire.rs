//! The JetStream requests and replies that the engine uses, as JSON.

use serde::{Deserialize, Serialize};

/// How a server refuses a request.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct ApiError {
    /// Like an HTTP status.
    #[serde(default)]
    pub code: u16,
    /// What exactly; see [`refusal`].
    #[serde(default)]
    pub err_code: u16,
    /// For people.
    #[serde(default)]
    pub description: String,
}

/// The `err_code`s that the engine tells apart.
pub(crate) mod refusal {
    /// The meta leader is being elected.
    pub(crate) const NO_META_LEADER: u16 = 10008;
    /// The account or the server has no room left.
    pub(crate) const NO_RESOURCES: u16 = 10023;
    /// No message there.
    pub(crate) const NO_MESSAGE: u16 = 10037;
    /// The account's or server's storage limit.
    pub(crate) const STORAGE_LIMIT: u16 = 10047;
    /// The message is larger than the stream takes.
    pub(crate) const MESSAGE_TOO_LARGE: u16 = 10054;
    /// A stream of that name exists with another configuration.
    pub(crate) const NAME_IN_USE: u16 = 10058;
    /// No such stream.
    pub(crate) const NO_STREAM: u16 = 10059;
    /// `Nats-Expected-Last-Sequence` or its like does not fit.
    pub(crate) const WRONG_LAST: u16 = 10071;
    /// The stream is at its limit of bytes.
    pub(crate) const STREAM_FULL: u16 = 10077;
    /// A batch holds a message id that was stored before, or twice.
    pub(crate) const BATCH_DUPLICATE: u16 = 10201;
}

/// The answer to a publish.
#[derive(Debug, Deserialize)]
pub(crate) struct PubAck {
    pub error: Option<ApiError>,
    /// The sequence number; of a batch's last message; for a duplicate, of the first.
    #[serde(default)]
    pub seq: u64,
    #[serde(default)]
    pub duplicate: bool,
}

/// Republishing of stored messages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Republish {
    pub src: String,
    pub dest: String,
}

/// The configuration of a stream, as far as the engine cares.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct StreamConfig {
    pub name: String,
    pub subjects: Vec<String>,
    pub retention: String,
    pub storage: String,
    pub discard: String,
    pub num_replicas: u8,
    /// Nanoseconds.
    pub max_age: u64,
    pub max_bytes: i64,
    pub max_msgs_per_subject: i64,
    /// Nanoseconds.
    pub duplicate_window: u64,
    #[serde(default)]
    pub allow_direct: bool,
    #[serde(default)]
    pub allow_atomic: bool,
    #[serde(default)]
    pub allow_rollup_hdrs: bool,
    #[serde(default)]
    pub deny_delete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub republish: Option<Republish>,
}

/// What a stream holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct StreamState {
    /// The oldest message held; `last_seq + 1` when nothing is.
    pub first_seq: u64,
    /// The last sequence number given out.
    pub last_seq: u64,
}

/// The answer to a stream's INFO, CREATE and UPDATE.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StreamInfo {
    pub config: StreamConfig,
    pub state: StreamState,
}

/// A direct get of several messages, or a leader's get of one.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub(crate) struct Get<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// RFC 3339; the first message at or after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_by_subj: Option<&'a str>,
}

/// The answer to a leader's get.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GetAnswer {
    pub message: GetMessage,
}

/// A message as JSON.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GetMessage {
    pub seq: u64,
    /// Base64.
    #[serde(default)]
    pub data: String,
}

/// A request to remove the messages below a sequence number.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Purge {
    pub seq: u64,
}
