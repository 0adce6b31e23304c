//! Why a log cannot be opened.

use loquat_log::LogError;

/// Why [`crate::NatsLog::open`] refused. Each message says what to do, as the program ends with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Settings that cannot work.
    #[error("{0}")]
    Options(String),
    /// The thread that runs the connection could not be started.
    #[error("cannot start the thread of the NATS connection: {0}")]
    Runtime(#[from] std::io::Error),
    /// No server answers, or none lets us in.
    #[error("cannot connect to NATS at {servers}: {reason}")]
    Unreachable {
        /// The addresses tried.
        servers: String,
        /// What the last attempt said.
        reason: String,
    },
    /// A server is too old.
    #[error("NATS server {server} has version {found}; 2.15.0 or newer is needed, on every server")]
    Version {
        /// Its name.
        server: String,
        /// Its version.
        found: String,
    },
    /// A server acknowledges before its disk has the data.
    #[error(
        "NATS server {server} does not sync before it acknowledges: set `jetstream {{ sync_interval: always }}` \
         on every server"
    )]
    NotSynced {
        /// Its name.
        server: String,
    },
    /// Nobody could be asked whether the servers sync.
    #[error("cannot verify that the NATS servers run with `sync_interval: always`: {0}")]
    SyncUnknown(String),
    /// The log was made with another number of partitions.
    #[error("the log in this cluster was made with {found} partitions, not {wanted}; that cannot be changed")]
    Partitions {
        /// What the cluster has.
        found: u16,
        /// What the settings say.
        wanted: u16,
    },
    /// A stream exists with another configuration.
    #[error("stream {stream} differs from the settings: {differences}")]
    StreamDiffers {
        /// Its name.
        stream: String,
        /// Each difference, as `field is …, not …`.
        differences: String,
    },
    /// JetStream refused, or did not answer in time.
    #[error("JetStream cannot {doing}: {reason}")]
    JetStream {
        /// What was asked.
        doing: String,
        /// What it said.
        reason: String,
    },
    /// What is stored could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
}
