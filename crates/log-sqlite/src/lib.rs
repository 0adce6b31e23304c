//! The embedded log engine on SQLite.
