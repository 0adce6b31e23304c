//! The cluster log engine, on NATS JetStream 2.15 or newer.
//!
//! One stream and one subject per partition. A publish carries a message id made of the entry's key and is sent
//! again under the same id until its fate is known; a follower takes the republished stream, insists on sequence
//! numbers without a gap and fetches what is missing. JetStream's republishing is at most once and its replicas may
//! be behind, so nothing here trusts a message's absence.
//!
//! Map: [`NatsLog`] is the engine and [`Options`] its settings; `setup` makes and checks the streams; `partition`
//! knows one partition's epochs, reads it and tells its time; `append` turns queued batches into atomic publishes;
//! `follow` is the gapless feed; `link` is the only place that talks to the driver.
//!
//! Lock order: none of the locks here is held while another one is taken, or across an await.

mod append;
mod engine;
mod envelope;
mod error;
mod fetch;
mod follow;
mod link;
mod names;
mod options;
mod partition;
mod random;
mod setup;
mod wire;

pub use engine::NatsLog;
pub use error::OpenError;
pub use options::{Access, Options, SyncCheck, Tls};
