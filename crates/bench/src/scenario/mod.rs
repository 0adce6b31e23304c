//! What is measured. Each scenario runs the server and, where there is one, the bare loop, and gives a section of
//! the report.

pub mod backlog;
pub mod compare;
pub mod durable;
pub mod fanout;
pub mod idle;
pub mod load;
pub mod rooms;
pub mod start;
pub mod storm;

use crate::net::tls::Files;
use crate::options::Options;
use crate::report::Figures;
use crate::server::Program;
use crate::wire::dialect::Format;

/// What every scenario gets.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The flags.
    pub options: &'a Options,
    /// How to start a bare loop.
    pub program: &'a Program,
    /// Certificate and key of this run, with `--tls`.
    pub tls: Option<&'a Files>,
}

impl Context<'_> {
    /// What goes over the wire, in words.
    pub fn wire(&self) -> &'static str {
        let encrypted = self.tls.is_some() || self.options.is_target_encrypted();
        match (self.options.format, encrypted) {
            (Format::Msgpack, false) => "msgpack",
            (Format::Msgpack, true) => "msgpack over TLS",
            (Format::Json, false) => "JSON",
            (Format::Json, true) => "JSON over TLS",
        }
    }
}

/// One side of one run: its figures, and what else goes into the JSON.
#[derive(Debug, Default)]
pub struct Side {
    /// For the table.
    pub figures: Figures,
    /// For JSON.
    pub details: serde_json::Value,
    /// Bytes on the wire that the bare loop is to imitate.
    pub wire_bytes: usize,
    /// What a reader must know.
    pub notes: Vec<String>,
}
