//! The shell around the core: what turns its effects into I/O.
//!
//! * [`shard`]: one thread and one epoll per core; sockets, timers and the core's [`loquat_core::Shard`].
//! * [`feed`]: the rings that the log fills and the shards read.
//! * [`consumer`]: who follows the log entry by entry; [`projector`] is the one whose outcome is history, which [`history`]
//!   reads together with the ring, and [`retention`] shortens.
//! * [`presence`], [`occupancy`], [`registry`]: what the shards of a node share.
//! * [`publish`]: publishing from outside a connection.
//!
//! Tasks: a thread per shard and per consumer, the readers of [`backlog`], and [`housekeeping`]; all owned by [`Node`].

pub mod backlog;
pub mod clock;
pub mod consumer;
pub mod feed;
pub mod health;
pub mod history;
pub mod housekeeping;
pub mod node;
pub mod occupancy;
pub mod presence;
pub mod projector;
pub mod publish;
pub mod registry;
mod restore;
pub mod retention;
pub mod rights;
pub mod shard;
pub mod system;
mod world;

pub use consumer::{Consumer, Stretch};
pub use node::{Engines, Node, NodeOptions};
pub use rights::ConnectionRights;
pub use shard::{Adopted, Socket};
