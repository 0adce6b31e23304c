//! Many connections on one thread.

pub mod crew;
pub mod fleet;
pub mod limits;
pub mod link;
pub mod pipe;
pub mod tls;
