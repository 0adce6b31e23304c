//! Files of other times.

mod support;

use std::{fs, path::PathBuf};

use loquat_protocol::{AppId, Capability, KeyName};
use loquat_store::{
    AppRecord, Directory, KeyRecord, Projection, Retention, StoreErrorKind,
    people::{Memberships, Persons, RoomProjection, Rooms},
};
use loquat_store_sqlite::{Options, SqliteStore};
use rusqlite::Connection;
use support::{FILES, new_store, people, workload};

/// The files of a release: the first two had no people.
fn files(version: u32) -> &'static [&'static str] {
    if version < 3 { &FILES[..2] } else { &FILES }
}

/// A fixture is written, and only then, when this is set; a released one never changes.
const WRITE: &str = "LOQUAT_WRITE_FIXTURES";

fn fixtures(version: u32) -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join(format!("tests/fixtures/v{version}"))
}

fn key() -> KeyRecord {
    KeyRecord {
        name: KeyName::from_trusted("app.key"),
        secret: "not a secret".into(),
        capability: Capability::parse(r#"{"*":["subscribe"]}"#).unwrap(),
        created_ms: 2,
        revoked_ms: Some(3),
    }
}

fn write_fixture(version: u32) {
    let (dir, store) = new_store();
    store.create_app(&AppRecord { id: AppId::from_trusted("app"), created_ms: 1 }, &[key()]).unwrap();
    for _ in 0..9 {
        store.apply(&workload::next_batch(&store)).unwrap();
    }
    store.sync().unwrap();
    drop(store);
    fs::create_dir_all(fixtures(version)).unwrap();
    for name in files(version) {
        fs::copy(dir.path().join(name), fixtures(version).join(name)).unwrap();
    }
}

#[test]
fn version_1_opens() {
    opens(1);
}

#[test]
fn version_2_opens() {
    if std::env::var_os(WRITE).is_some() {
        write_fixture(2);
    }
    opens(2);
}

fn opens(version: u32) {
    let dir = tempfile::tempdir().unwrap();
    for name in files(version) {
        let bytes =
            fs::copy(fixtures(version).join(name), dir.path().join(name)).expect("the fixture is there");
        assert!(bytes <= 100 << 10, "{name} is large for a fixture: {bytes} bytes");
    }
    let store = SqliteStore::open(dir.path(), &Options::for_test()).expect("an older version opens");
    workload::verify(&store);
    let cursor = store.cursor(workload::PARTITIONS[0]).unwrap();
    assert!(cursor.seq > 0 && cursor.durable_seq == cursor.seq, "{cursor:?}");
    assert_eq!(store.apps().unwrap()[0].id.as_str(), "app");
    assert_eq!(store.keys().unwrap(), [key()]);
    store.apply(&workload::next_batch(&store)).expect("it goes on");
    workload::verify(&store);
    if version < 3 {
        // It had no people, and gets the file for them.
        assert_eq!(
            (store.people().count_persons().unwrap(), store.people().room_cursors().unwrap()),
            (0, vec![])
        );
        people::prepare(store.people());
        store.people().apply_rooms(&people::next_batch(store.people())).expect("it goes on");
        people::verify(store.people());
    }
}

/// Until now rooms were pruned with all others: their mark says so.
#[test]
fn what_an_older_version_pruned_counts_as_pruned_of_both_classes() {
    let (dir, store) = new_store();
    drop(store);
    let file = Connection::open(dir.path().join("store.sqlite")).unwrap();
    let version_2 = "ALTER TABLE cursor DROP COLUMN rooms_pruned_seq; ALTER TABLE timeline DROP COLUMN retention;
                     INSERT INTO cursor VALUES (3, 9, 9, 7, 2); PRAGMA user_version = 2;
                     INSERT INTO timeline VALUES (1, 'app', 'general::$chat', 1, 3), (2, 'app', '::$chat', 1, 3);
                     INSERT INTO entry VALUES ((3 << 47) + 8, 1, 1, 1, 1, x''), ((3 << 47) + 9, 2, 1, 1, 1, x'');
                     INSERT INTO tail VALUES (1, x'08'), (2, x'09');";
    file.execute_batch(version_2).unwrap();
    drop(file);
    let store = SqliteStore::open(dir.path(), &Options::for_test()).unwrap();
    let partition = loquat_protocol::PartitionId(3);
    let cursor = store.cursor(partition).unwrap();
    assert_eq!((cursor.pruned_seq, cursor.rooms_pruned_seq), (7, 7));
    assert_eq!(store.check().unwrap(), [""; 0]);
    // The one is a room, the other only looks like one.
    assert!(!store.prune(partition, Retention::Realtime, u64::MAX, 10).unwrap());
    assert_eq!(store.stats().unwrap().rows, 1);
    assert!(!store.prune(partition, Retention::Rooms, u64::MAX, 10).unwrap());
    assert_eq!(store.stats().unwrap().rows, 0);
}

/// People of a version without restrictions: they are as they were, and nobody is restricted.
#[test]
fn people_of_version_1_go_on() {
    let (dir, store) = new_store();
    people::prepare(store.people());
    store.people().apply_rooms(&people::next_batch(store.people())).unwrap();
    let before = store.people().all_rooms(None, 100).unwrap();
    drop(store);
    let file = Connection::open(dir.path().join("people.sqlite")).unwrap();
    file.execute_batch("DROP TABLE restriction; PRAGMA user_version = 1;").unwrap();
    drop(file);
    let store = SqliteStore::open(dir.path(), &Options::for_test()).expect("an older version opens");
    people::verify(store.people());
    assert_eq!(store.people().all_rooms(None, 100).unwrap(), before);
    assert_eq!(store.check().unwrap(), [""; 0]);
    let room = &before[0].id;
    let members = store.people().members_of(room, None, 100).unwrap();
    assert!(!members.is_empty());
    for (membership, _) in members {
        assert!(!store.people().left_restricted(room, &membership.person).unwrap());
    }
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    for name in FILES {
        let (dir, store) = new_store();
        drop(store);
        let path = dir.path().join(name);
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let before = fs::read(&path).unwrap();
        let error = SqliteStore::open(dir.path(), &Options::for_test()).err().expect("it is refused");
        assert_eq!(error.kind, StoreErrorKind::Newer);
        for part in [path.to_str().unwrap(), "version 99", "up to "] {
            assert!(error.message.contains(part), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}
