//! The embedded log engine on SQLite.
//!
//! One file, one writer thread: it takes everything that waits, commits once with one fdatasync, gives the entries to
//! their followers and then acknowledges. What a commit stores, of all partitions, is one row, so that it writes few
//! pages; every so many rows another tells where each partition stands, and by those a place is found. Reads run on
//! connections of their own. The idempotency window is in memory and is rebuilt from packed ids that each commit writes
//! beside its entries.

mod backup;
mod block;
mod bodies;
mod check;
mod commit;
mod copier;
mod error;
mod feed;
mod floor;
mod header;
mod keys;
mod log;
mod marks;
mod options;
mod queue;
mod reader;
mod recover;
mod schema;
mod space;
mod spans;
mod stage;
mod state;
mod trim;
mod upgrade;
mod wal;
mod walk;
mod writer;

#[doc(hidden)]
pub use block::fuzz_block;
#[doc(hidden)]
pub use keys::fuzz_keys;
#[doc(hidden)]
pub use options::Faults;
pub use {
    backup::backup,
    check::{Report, check},
    error::OpenError,
    log::{SqliteLog, Stats},
    options::{FATAL, OnFatal, Options},
    spans::{Span, spans},
};
