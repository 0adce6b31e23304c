//! A node in miniature around real shards, and transcripts of what clients see of it.

pub mod node;
pub mod print;
pub mod rights;
pub mod script;
pub mod wire;

pub use node::{Event, Node, Options};
pub use rights::TestRights;
pub use script::{check, check_with};
