//! The engine keeps the laws of the seam.

use loquat_store::{laws::Fixture, store_laws};
use loquat_store_sqlite::{Options, SqliteStore};
use tempfile::TempDir;

struct Sqlite {
    // `None` only while it is opened again.
    store: Option<SqliteStore>,
    dir: TempDir,
}

impl Fixture for Sqlite {
    type Store = SqliteStore;

    fn empty() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let store = SqliteStore::open(dir.path(), &Options::for_test()).expect("an empty store opens");
        Self { store: Some(store), dir }
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_ref().expect("the store is open")
    }

    /// Every reopen is a chance to check the whole file.
    fn reopen(&mut self) {
        assert_eq!(self.store().check().expect("the store can be checked"), [""; 0]);
        drop(self.store.take());
        self.store =
            Some(SqliteStore::open(self.dir.path(), &Options::for_test()).expect("the store opens again"));
    }
}

store_laws!(Sqlite);
