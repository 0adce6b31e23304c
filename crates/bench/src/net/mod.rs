//! Many connections on one thread.

pub mod fleet;
pub mod limits;
pub mod link;
