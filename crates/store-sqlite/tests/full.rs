//! A disk that is full: refused, nothing changed, and well again when there is room.

mod support;

use std::{fs::File, io::Write};

use loquat_protocol::AppId;
use loquat_store::{
    AppRecord, Directory, Projection, StoreError, StoreErrorKind,
    laws::people::make,
    people::{Admission, CreatePerson, Persons, RoomProjection},
};
use loquat_store_sqlite::{Options, SqliteStore};
use support::{disk::Disk, people, workload};

/// Fills what is left of the disk.
fn fill(disk: &Disk, name: &str) {
    let mut file = File::create(disk.path().join(name)).expect("a file is made");
    for block in [&[0_u8; 65_536][..], &[0_u8; 512][..]] {
        while file.write_all(block).and_then(|()| file.sync_data()).is_ok() {}
    }
}

fn person(store: &SqliteStore, name: &str) -> Result<CreatePerson, StoreError> {
    store.people().create_person(&make::person(name), &"hash".repeat(100), &Admission::Free)
}

#[test]
fn a_full_disk_refuses_and_recovers() {
    let disk = Disk::new(12 << 20);
    let store = SqliteStore::open(disk.path(), &Options::for_test()).expect("a new store");
    let app = |id: &str| AppRecord { id: AppId::from_trusted(id), created_ms: 1 };
    store.create_app(&app("before"), &[]).unwrap();
    people::prepare(store.people());
    for round in 0..3 {
        for _ in 0..20 {
            store.apply(&workload::next_batch(&store)).unwrap();
        }
        fill(&disk, "ballast");
        let error = loop {
            // There can be room left within the files.
            match store.apply(&workload::next_batch(&store)) {
                Ok(()) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind, StoreErrorKind::Full, "{error}");
        assert!(error.message.contains("store.sqlite"), "{error}");
        workload::verify(&store);
        let error =
            (0..).find_map(|n| store.create_app(&app(&format!("app{round}-{n}")), &[]).err()).unwrap();
        assert_eq!(error.kind, StoreErrorKind::Full, "{error}");
        let error = (0..).find_map(|n| person(&store, &format!("p{round}-{n}")).err()).unwrap();
        assert_eq!(error.kind, StoreErrorKind::Full, "{error}");
        assert!(error.message.contains("people.sqlite"), "{error}");
        people::verify(store.people());
        let apps = store.apps().unwrap();
        std::fs::remove_file(disk.path().join("ballast")).unwrap();
        store.apply(&workload::next_batch(&store)).expect("there is room again");
        store.sync().expect("there is room again");
        assert_eq!(store.apps().unwrap(), apps);
        store.create_app(&app(&format!("after{round}")), &[]).expect("there is room again");
        person(&store, &format!("after{round}")).expect("there is room again");
        store.people().apply_rooms(&people::next_batch(store.people())).expect("there is room again");
        people::verify(store.people());
        workload::verify(&store);
    }
}
