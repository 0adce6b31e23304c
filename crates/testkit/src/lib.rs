//! What tests of the running server share: the process, a file system to break, clients that keep records, and the
//! laws checked from those records.
//!
//! Clients are blocking sockets and threads of our own: they know nothing of the server but its address, so that what
//! they saw is evidence. Nothing here is for production.

pub mod client;
pub mod crowd;
pub mod dice;
pub mod history;
pub mod http;
pub mod image;
pub mod laws;
pub mod link;
pub mod network;
pub mod process;
pub mod server;
pub mod wait;

pub use client::Client;
pub use crowd::Crowd;
pub use dice::Dice;
pub use image::Image;
pub use link::Link;
pub use server::{Server, Setup};
pub use wait::{wait_for, within};

/// The key of every test server, with every right.
pub const KEY: &str = "app.key:secretsecret";
