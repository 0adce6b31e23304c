//! The promises of a node, over engines in memory and real sockets on the loopback.

mod consumers;
mod refusals;
mod retention;
mod rights;
mod support;
