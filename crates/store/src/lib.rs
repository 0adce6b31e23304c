//! The store seam: what is queried about messages (a projection of the log), and the truth about apps, keys, people and
//! rooms.
//!
//! The traits' comments are their laws; `laws` (with the feature of that name) tests them over any engine, and
//! [`memory::MemoryStore`] is the oracle. All calls block: callers run them on threads that may.

pub mod batch;
pub mod directory;
pub mod error;
pub mod history;
#[cfg(feature = "laws")]
pub mod laws;
pub mod members;
pub mod memory;
pub mod people;
pub mod retention;

pub use directory::{AppRecord, Directory, KeyRecord};
pub use error::{StoreError, StoreErrorKind};
pub use history::{Advance, Cursor, Direction, History, HistoryQuery, Projection, ProjectionBatch, Row};
pub use members::{Member, MemberChange};
pub use retention::Retention;
