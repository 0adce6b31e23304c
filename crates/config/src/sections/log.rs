//! The engine that keeps the log of messages.

use std::path::PathBuf;
use std::time::Duration;

use crate::{ByteSize, LogEngine};

section! { "Log", "log.",
/// The log: the ordered, durable record of every message, from which everything else is derived.
Log {
    /// `sqlite` keeps the log in the data directory; `nats` in a NATS JetStream cluster (2.15 or newer).
    engine: LogEngine = "sqlite";
    /// Partitions of a new log. It can't be changed later: an existing data directory or cluster keeps
    /// the number that it was made with.
    partitions: u32 = "16", in "1"..="1024";
    /// How long a message id is remembered, so that publishing it again stores it once.
    /// Never less than `realtime.connection_state_ttl`.
    idempotency_window: Duration = "10m", in "1s"..="7d";
    /// Message ids remembered at most, over all partitions, some 35 bytes each; beyond, publishes are refused.
    max_idempotency_ids: u32 = "16000000", in "1000"..="1000000000";
    /// Memory for publishes that wait for the disk; beyond, they are refused.
    max_queue_bytes: ByteSize = "64MiB", in "1MiB"..="16GiB";
    /// How long a commit may wait for company where publishes come one by one a few milliseconds apart: each commit
    /// costs a sync and wakes every shard. Where waiting slows publishers down the log stops it by itself. 0 is off: what
    /// it saves in CPU it costs in latency.
    max_commit_wait: Duration = "0s", in "0s"..="20ms";
    /// Servers of the cluster, such as `nats://10.0.0.1:4222`; the others are learned from them.
    /// Only for the engine `nats`, as every option that begins so.
    nats_servers: Vec<String> = "";
    /// File with the JWT and seed by which the servers know this node.
    nats_credentials_file: Option<PathBuf>;
    /// Certificates of authorities to trust besides the system's, in PEM.
    nats_ca_file: Option<PathBuf>;
    /// This node's certificate towards the servers, in PEM.
    nats_cert_file: Option<PathBuf>;
    /// Private key of that certificate, in PEM.
    nats_key_file: Option<PathBuf>;
    /// Refuses servers that speak no TLS.
    nats_tls_required: bool = "false";
    /// Copies of each partition in the cluster: 3 or 5; 1 only where there is one server.
    nats_replicas: u32 = "3", in "1"..="5";
    /// Monitoring addresses of the servers, such as `http://10.0.0.1:8222`, to verify that each writes to disk
    /// before it acknowledges. Without them that is taken on trust, and said so in the log lines.
    nats_monitors: Vec<String> = "";
}}
