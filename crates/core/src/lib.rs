//! The logic of connections, channels, feed and presence: inputs and time in, effects out.
//!
//! No I/O, no clock, no randomness: [`shard::Shard`] is told what happened and when, reads what it needs through
//! [`world::World`], and leaves [`effect::Effect`]s for its caller to carry out. The server's shards, the tests and
//! the simulator run the same code.

pub mod channel;
pub mod connection;
pub mod effect;
pub mod feed;
pub mod limits;
pub mod places;
pub mod presence;
pub mod publish;
pub mod render;
pub mod rights;
pub mod shard;
pub mod tally;
pub mod time;
pub mod world;

pub use effect::{Effect, Slot};
pub use limits::Limits;
pub use rights::{Changed, Identity, Rights};
pub use shard::Shard;
pub use time::Now;
pub use world::World;
