//! What an operator does with a store: copies it while it runs, and looks at its figures.

mod support;

use std::sync::atomic::{AtomicBool, Ordering};

use loquat_protocol::{AppId, KeyName};
use loquat_store::{
    AppRecord, Directory, History, Projection, Retention, StoreErrorKind,
    laws::make,
    people::{ChangePerson, PeopleStore, PersonChange, Persons, RoomProjection},
};
use loquat_store_sqlite::{Options, SqlitePeople, SqliteStore};
use support::{people, workload};

#[test]
fn a_backup_of_a_busy_store_is_a_store() {
    let (dir, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = SqliteStore::open(dir.path(), &Options::for_test()).unwrap();
    store.create_app(&AppRecord { id: AppId::from_trusted("app"), created_ms: 1 }, &[]).unwrap();
    people::prepare(store.people());
    for _ in 0..200 {
        store.apply(&workload::next_batch(&store)).unwrap();
        store.people().apply_rooms(&people::next_batch(store.people())).unwrap();
    }
    let counted = people::cursors(store.people());
    let (done, before) = (AtomicBool::new(false), store.cursor(workload::PARTITIONS[0]).unwrap());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                store.apply(&workload::next_batch(&store)).unwrap();
                store.people().apply_rooms(&people::next_batch(store.people())).unwrap();
                store.sync().unwrap();
                workload::prune(&store);
            }
        });
        store.backup_to(copy.path()).expect("a backup is made");
        done.store(true, Ordering::Release);
    });
    let error = store.backup_to(copy.path()).expect_err("a backup is not written over another");
    assert_eq!(error.kind, StoreErrorKind::Conflict);
    let restored = SqliteStore::open(copy.path(), &Options::for_test()).expect("a backup opens");
    workload::verify(&restored);
    assert!(restored.cursor(workload::PARTITIONS[0]).unwrap().seq >= before.seq);
    assert_eq!(restored.apps().unwrap(), store.apps().unwrap());
    people::verify(restored.people());
    assert!(people::cursors(restored.people()) >= counted);
    let ada = store.people().person_by_login("ada").unwrap();
    assert!(ada.is_some() && restored.people().person_by_login("ada").unwrap() == ada);
    restored.apply(&workload::next_batch(&restored)).expect("a backup goes on");
    workload::verify(&restored);
}

#[test]
fn figures_follow_what_comes_and_goes() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path(), &Options::for_test()).unwrap();
    let row = |seq| make::row(if seq % 3 == 0 { "a" } else { "b" }, seq);
    store.apply(&make::batch(0, (1..=300).map(row).collect())).unwrap();
    let stats = store.stats().unwrap();
    assert_eq!((stats.rows, stats.channels, stats.apps, stats.keys), (300, 2, 0, 0));
    assert_eq!((stats.people, stats.rooms), (0, 0));
    people::prepare(store.people());
    let stats = store.stats().unwrap();
    assert_eq!((stats.people, stats.rooms), (3, 3));
    assert!(stats.bytes > 300 * 20, "{stats:?}");
    store.prune(make::P, Retention::Realtime, row(101).time_ms, 1000).unwrap();
    assert_eq!(store.stats().unwrap().rows, 200);
    store.remove_app(&AppId::from_trusted("app")).unwrap();
    let stats = store.stats().unwrap();
    assert_eq!((stats.rows, stats.channels), (0, 0));
    assert_eq!(store.check().unwrap(), [""; 0]);
}

#[test]
fn more_readers_than_connections_all_get_their_answer() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path(), &Options::for_test()).unwrap();
    make::fill(&store, "a", 50);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(store.query(&make::all(make::channel("a")), make::P).unwrap().0.len(), 50);
                }
            });
        }
    });
}

#[test]
fn another_process_may_change_the_directory() {
    let dir = tempfile::tempdir().unwrap();
    let server = SqliteStore::open(dir.path(), &Options::for_test()).unwrap();
    let command = SqliteStore::open(dir.path(), &Options::for_test()).unwrap();
    command.create_app(&AppRecord { id: AppId::from_trusted("app"), created_ms: 1 }, &[]).unwrap();
    assert_eq!(server.apps().unwrap().len(), 1);
    assert!(!server.revoke_key(&KeyName::from_trusted("app.none"), 5).unwrap());
}

/// The command line beside a running server, which learns of it by the counter.
#[test]
fn another_process_may_change_people() {
    let dir = tempfile::tempdir().unwrap();
    let server = SqliteStore::open(dir.path(), &Options::for_test()).unwrap();
    people::prepare(server.people());
    let rights = server.people().rights_version().unwrap();
    let command = SqlitePeople::open(dir.path(), &Options::for_test()).unwrap();
    let ada = command.person_by_login("ada").unwrap().unwrap();
    let away = PersonChange { deactivated_ms: Some(Some(1)), ..PersonChange::default() };
    let ChangePerson::Changed(gone) = command.change_person(&ada.id, &away).unwrap() else { panic!() };
    assert!(server.people().rights_version().unwrap() == gone.version && gone.version > rights);
    assert_eq!(server.people().person(&ada.id).unwrap(), Some(gone));
    // Each goes on where the other stands.
    server.people().apply_rooms(&people::next_batch(server.people())).unwrap();
    server.people().sync_rooms().unwrap();
    people::verify(&command);
}

#[test]
fn the_write_ahead_log_stays_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options::for_test();
    let store = SqliteStore::open(dir.path(), &options).unwrap();
    for _ in 0..400 {
        store.apply(&workload::next_batch(&store)).unwrap();
        store.sync().unwrap();
    }
    let bytes = std::fs::metadata(dir.path().join("store.sqlite-wal")).unwrap().len();
    assert!(bytes < 20 * options.checkpoint_bytes as u64, "{bytes}");
}
