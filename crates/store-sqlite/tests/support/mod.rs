//! What the tests share.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod child;
pub mod disk;
pub mod people;
pub mod workload;

use loquat_store_sqlite::{Options, SqliteStore};
use tempfile::TempDir;

/// The files of a store.
pub const FILES: [&str; 3] = ["store.sqlite", "directory.sqlite", "people.sqlite"];

/// An empty store in a directory of its own.
pub fn new_store() -> (TempDir, SqliteStore) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let store = SqliteStore::open(dir.path(), &Options::for_test()).expect("a new store");
    (dir, store)
}
