//! How the engine is set up.

use std::{fmt, path::PathBuf, time::Duration};

/// How a server of the cluster knows us.
#[derive(Clone, Default)]
pub enum Access {
    /// Whatever the server grants to a client without credentials.
    #[default]
    Anonymous,
    /// A user and password.
    Password {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
    /// A token.
    Token(String),
    /// A file with a JWT and its seed, as account tooling writes it.
    CredentialsFile(PathBuf),
}

impl fmt::Debug for Access {
    /// Secrets print as dots.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("Anonymous"),
            Self::Password { user, .. } => write!(f, "Password {{ user: {user:?}, password: ••• }}"),
            Self::Token(_) => f.write_str("Token(•••)"),
            Self::CredentialsFile(path) => write!(f, "CredentialsFile({path:?})"),
        }
    }
}

/// How to make sure that every server writes to disk before it acknowledges (`sync_interval: always`). An ordinary
/// client cannot see that, so one of two doors is needed; a NATS server's default is *not* safe against power loss.
#[derive(Clone, Debug)]
pub enum SyncCheck {
    /// Ask all servers through the system account.
    System(Access),
    /// Ask the monitoring port of each server, such as `http://10.0.0.1:8222`. Plain HTTP.
    Monitors(Vec<String>),
    /// Don't check. [`loquat_log::Guarantees::power_losses_survived`] is 0 then.
    Unverified,
}

/// TLS towards the servers; used when a server's address starts with `tls://` or a server demands it.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// Certificates of authorities to trust besides the system's.
    pub authorities: Vec<PathBuf>,
    /// Our certificate and its key.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// Refuse servers that speak no TLS.
    pub required: bool,
}

/// Settings of a [`crate::NatsLog`].
#[derive(Clone, Debug)]
pub struct Options {
    /// Addresses of servers, such as `nats://10.0.0.1:4222`; the others are learned from them.
    pub servers: Vec<String>,
    /// How the servers know us.
    pub access: Access,
    /// TLS towards the servers.
    pub tls: Tls,
    /// How durability is verified.
    pub sync_check: SyncCheck,
    /// Partitions of a new log; an existing one must have as many.
    pub partitions: u16,
    /// Copies of each partition: 3, or 5; 1 only where there is one server.
    pub replicas: u8,
    /// How long a key is remembered.
    pub idempotency_window: Duration,
    /// Bound of a partition's stream in bytes, past which appends are refused; `None` leaves it to the servers'
    /// own limits.
    pub partition_bytes_max: Option<u64>,
    /// Bound of the append queue, over all partitions.
    pub queue_bytes_max: usize,
    /// How long an append is tried before its fate is reported as it is then known.
    pub append_deadline: Duration,
    /// How long opening waits for the cluster.
    pub open_deadline: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            servers: vec!["nats://127.0.0.1:4222".to_owned()],
            access: Access::Anonymous,
            tls: Tls::default(),
            sync_check: SyncCheck::Unverified,
            partitions: 16,
            replicas: 3,
            idempotency_window: Duration::from_secs(600),
            partition_bytes_max: None,
            queue_bytes_max: 64 << 20,
            append_deadline: Duration::from_secs(30),
            open_deadline: Duration::from_secs(30),
        }
    }
}

impl Options {
    /// How long the servers remember a message id: the window, and the time that an append within it may take.
    pub(crate) fn duplicate_window(&self) -> Duration {
        self.idempotency_window + self.append_deadline
    }

    /// The window in milliseconds.
    pub(crate) fn window_ms(&self) -> u64 {
        u64::try_from(self.idempotency_window.as_millis()).unwrap_or(u64::MAX)
    }
}
