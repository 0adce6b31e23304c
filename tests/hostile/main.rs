//! The server among hostile peers: each gets the protocol's own answer or is closed with a reason, memory stays bounded,
//! and whoever behaves is served meanwhile.
//!
//! They need `LOQUAT_BIN`; `scripts/steps/crash` builds it and runs them.

mod frames;
mod half_open;
mod handshakes;
mod http;
mod limits;
mod peace;
mod readers;
mod storms;
