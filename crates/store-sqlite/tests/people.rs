//! The engine keeps the laws of people and rooms.

use loquat_store::{laws::people::PeopleFixture, people_laws};
use loquat_store_sqlite::{Options, SqlitePeople};
use tempfile::TempDir;

struct Sqlite {
    // `None` only while it is opened again.
    people: Option<SqlitePeople>,
    dir: TempDir,
}

impl PeopleFixture for Sqlite {
    type Store = SqlitePeople;

    fn empty() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let people = SqlitePeople::open(dir.path(), &Options::for_test()).expect("an empty file opens");
        Self { people: Some(people), dir }
    }

    fn store(&self) -> &SqlitePeople {
        self.people.as_ref().expect("the store is open")
    }

    /// Every reopen is a chance to check the whole file, all counts included.
    fn reopen(&mut self) {
        assert_eq!(self.store().check().expect("the store can be checked"), [""; 0]);
        drop(self.people.take());
        self.people =
            Some(SqlitePeople::open(self.dir.path(), &Options::for_test()).expect("the file opens again"));
    }
}

people_laws!(Sqlite);
