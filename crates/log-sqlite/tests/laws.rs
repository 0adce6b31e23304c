//! The laws over the SQLite engine.

mod support;

use loquat_log::log_laws;

use support::fixture::Sqlite;

log_laws!(Sqlite);
