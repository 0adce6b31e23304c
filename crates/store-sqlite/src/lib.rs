//! The embedded store engine on SQLite.
