//! The targets: each takes any bytes and panics if a promise is broken.

mod auth;
mod config;
mod protocol;
mod storage;
mod ws;

/// One parser under test.
pub(crate) struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Takes any bytes.
    pub run: fn(&[u8]),
    /// Inputs to begin with: right ones, so that changes stay close to what is read.
    pub seeds: &'static [&'static [u8]],
    /// Words that mutation alone would need long to spell.
    pub words: &'static [&'static [u8]],
}

/// Every target.
pub(crate) const ALL: &[Target] = &[
    ws::DECODE,
    ws::HANDSHAKE,
    protocol::FRAME_JSON,
    protocol::FRAME_MSGPACK,
    protocol::ENTRY,
    protocol::CAPABILITY,
    protocol::SERIAL,
    protocol::PARAMS,
    auth::CREDENTIALS,
    auth::SIGNED_CLAIMS,
    config::FILE,
    storage::BLOCK,
    storage::KEY_BATCH,
];
