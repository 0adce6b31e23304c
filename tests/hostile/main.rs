//! The server among hostile peers.
