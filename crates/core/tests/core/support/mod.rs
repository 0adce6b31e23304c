//! A node in miniature around real shards, and transcripts of what clients see of it.

pub mod frame;
pub mod node;
pub mod opening;
pub mod print;
pub mod rights;
pub mod script;
pub mod wire;

pub use node::{Event, Node, Options};
pub use opening::opening;
pub use rights::TestRights;
pub use script::{check, check_with};
