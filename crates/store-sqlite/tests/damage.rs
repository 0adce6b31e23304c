//! Files of other programs, and damage.

mod support;

use std::fs;

use loquat_store::{Projection, StoreErrorKind, people::RoomProjection};
use loquat_store_sqlite::{Options, SqliteStore};
use rusqlite::Connection;
use support::{FILES, new_store, people, workload};

#[test]
fn what_is_no_store_is_refused() {
    for name in FILES {
        let (dir, store) = new_store();
        drop(store);
        let path = dir.path().join(name);
        fs::write(
            &path,
            b"these are not the bytes of a database, though there are enough of them".repeat(99),
        )
        .unwrap();
        let error = SqliteStore::open(dir.path(), &Options::for_test()).err().expect("it is refused");
        assert_eq!(error.kind, StoreErrorKind::Damaged, "{error}");
        assert!(
            error.message.contains(path.to_str().unwrap()) && error.message.contains("backup"),
            "{error}"
        );

        fs::remove_file(&path).unwrap();
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
        let error = SqliteStore::open(dir.path(), &Options::for_test()).err().expect("it is refused");
        assert_eq!(error.kind, StoreErrorKind::Damaged, "{error}");
        assert!(error.message.contains("another program"), "{error}");
    }
}

#[test]
fn a_directory_that_is_missing_is_no_store() {
    let error =
        SqliteStore::open("/nowhere/at/all".as_ref(), &Options::for_test()).err().expect("it is refused");
    assert_eq!(error.kind, StoreErrorKind::Unavailable, "{error}");
    assert!(error.message.contains("/nowhere/at/all"), "{error}");
}

#[test]
fn damage_is_found() {
    let (dir, store) = new_store();
    for _ in 0..60 {
        store.apply(&workload::next_batch(&store)).unwrap();
    }
    drop(store);
    let path = dir.path().join("store.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0xee);
    fs::write(&path, bytes).unwrap();
    let store = SqliteStore::open(dir.path(), &Options::for_test()).expect("the first page is sound");
    match store.check() {
        Ok(problems) => assert!(!problems.is_empty()),
        Err(error) => assert_eq!(error.kind, StoreErrorKind::Damaged, "{error}"),
    }
}

#[test]
fn a_miscount_of_people_or_rooms_is_found() {
    for sql in [
        "UPDATE room SET members = members + 1",
        "UPDATE room SET messages = messages - 1",
        "UPDATE room SET last_serial = 'x'",
        "UPDATE room SET alls = alls + 1",
        "DELETE FROM message WHERE id = (SELECT min(id) FROM message)",
        "DELETE FROM room WHERE key = 1",
        "UPDATE tally SET own = own - 1",
        "UPDATE tally SET mentions = mentions + 1 WHERE mentions > 0",
        "UPDATE tally SET own_alls = own_alls + 1 WHERE own_alls > 0",
        "DELETE FROM mention WHERE who = 0 AND nth = 1",
        "UPDATE membership SET read_messages = 1000000",
        "UPDATE membership SET read_messages = 1",
        "UPDATE counter SET version = 1",
    ] {
        let (dir, store) = new_store();
        people::prepare(store.people());
        for _ in 0..20 {
            store.people().apply_rooms(&people::next_batch(store.people())).unwrap();
        }
        people::verify(store.people());
        let file = Connection::open(dir.path().join("people.sqlite")).unwrap();
        file.pragma_update(None, "foreign_keys", false).unwrap();
        file.execute_batch(sql).unwrap();
        assert!(!store.check().unwrap().is_empty(), "{sql}");
    }
}

#[test]
fn a_broken_promise_between_tables_is_found() {
    for sql in [
        "DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)",
        "DELETE FROM tail WHERE timeline = 1",
        "UPDATE cursor SET seq = 1",
        "UPDATE cursor SET rows = rows + 1",
        "DELETE FROM cursor",
        "UPDATE entry SET time_ms = 1 WHERE id = (SELECT max(id) FROM entry)",
        "DELETE FROM timeline WHERE id = 1",
    ] {
        let (dir, store) = new_store();
        for _ in 0..20 {
            store.apply(&workload::next_batch(&store)).unwrap();
        }
        assert_eq!(store.check().unwrap(), [""; 0]);
        Connection::open(dir.path().join("store.sqlite")).unwrap().execute_batch(sql).unwrap();
        assert!(!store.check().unwrap().is_empty(), "{sql}");
    }
}
