//! HTTP, TLS and the WebSocket upgrade; hands upgraded sockets to the node's shards.
//!
//! * [`listener`]: accepts, with a budget per address and a deadline for the handshake.
//! * [`proxies`]: who stands in front, and what of their word is taken.
//! * [`tls`]: certificates from files, read again when they change.
//! * [`upgrade`]: `GET /` with an upgrade becomes a realtime connection.
//! * [`front`]: which part of the server answers a request; what is served beside the realtime API.
//! * [`bounds`]: what requests and answers may hold of the memory. [`stall`]: how long an answer waits for its reader.
//! * [`rest`]: the realtime REST API at the root.

pub mod bounds;
pub mod budget;
pub mod front;
mod host;
pub mod listener;
pub mod proxies;
pub mod query;
pub mod rest;
pub mod stall;
pub mod state;
pub mod tls;
pub mod upgrade;

pub use bounds::{Knows, Manners};
pub use front::Site;
pub use listener::{Listener, ListenerOptions};
pub use proxies::{Network, TrustedProxies};
pub use state::State;
pub use tls::Certificates;
