//! The engine that keeps the log of messages.

use std::time::Duration;

use crate::LogEngine;

section! { "Log", "log.",
/// The log: the ordered, durable record of every message, from which everything else is derived.
Log {
    /// `sqlite` keeps the log in the data directory; `nats` in a NATS JetStream cluster (2.15 or newer).
    engine: LogEngine = "sqlite";
    /// Servers of the cluster, such as `nats://10.0.0.1:4222`. Only for the engine `nats`.
    nats_servers: Vec<String> = "";
    /// Partitions of a new log. It can't be changed later: an existing data directory or cluster keeps
    /// the number that it was made with.
    partitions: u32 = "16", in "1"..="1024";
    /// How long a message id is remembered, so that publishing it again stores it once.
    /// Never less than `realtime.connection_state_ttl`.
    idempotency_window: Duration = "10m", in "1s"..="7d";
}}
