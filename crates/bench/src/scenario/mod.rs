//! What is measured. Each scenario runs the server and, where there is one, the bare loop, and gives a section of
//! the report.

pub mod compare;
pub mod durable;
pub mod fanout;
pub mod idle;
pub mod load;
pub mod rooms;
pub mod start;
pub mod storm;

use crate::options::Options;
use crate::report::Figures;
use crate::server::Program;

/// What every scenario gets.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The flags.
    pub options: &'a Options,
    /// How to start a bare loop.
    pub program: &'a Program,
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
