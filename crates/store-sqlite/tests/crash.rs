//! kill -9 and power cuts: the store is what the log up to its cursors projects to, and keeps what it promised.

mod support;

use std::time::Duration;

use loquat_store::{Directory, Projection, people::Persons};
use loquat_store_sqlite::{Options, SqliteStore};
use support::{
    child::{self, Promises, Writer},
    disk::Disk,
    people,
    workload::{self, PARTITIONS},
};

const KILLS: usize = 40;
const CUTS: usize = 12;

/// Not a test of its own: the process that the tests below start and stop.
#[test]
fn child() {
    child::run_if_child();
}

/// After so many promises the child is stopped; different ones, so that it is caught in different places.
fn promises_before(round: usize) -> usize {
    1 + round * 37 % 60
}

/// Lets a moment pass, another one each time: a child that is killed as soon as it has spoken is always caught in the
/// same place.
#[expect(clippy::disallowed_methods, reason = "no condition is waited for: the moment is what is wanted")]
fn pause(round: usize) {
    std::thread::sleep(Duration::from_micros((round as u64 * 373) % 2_500));
}

fn assert_keys(store: &SqliteStore, promises: &Promises) {
    let keys = store.keys().expect("keys are listed");
    for name in &promises.keys {
        assert!(keys.iter().any(|key| key.name.as_str() == name), "the key {name} is lost");
    }
}

/// People are there who were said to be; rooms stand at their cursors, which are not below what was promised.
fn assert_people(store: &SqliteStore, promises: &Promises, counted: &[u64]) {
    people::verify(store.people());
    for (seq, counted) in people::cursors(store.people()).into_iter().zip(counted) {
        assert!(seq >= *counted, "a partition of rooms stands at {seq}, {counted} was promised");
    }
    for name in &promises.people {
        let found = store.people().person_by_login(name).expect("a person is read");
        assert!(found.is_some(), "{name} is lost");
    }
}

/// One at a time, beside no other heavy test.
mod heavy {
    use super::*;

    #[test]
    fn kill_9_loses_no_applied_batch_and_leaves_no_part_of_one() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for round in 0..KILLS {
            let mut writer = Writer::start(dir.path());
            writer.listen(promises_before(round));
            pause(round);
            let promises = writer.kill();
            let store =
                SqliteStore::open(dir.path(), &Options::for_test()).expect("the store opens after a kill");
            workload::verify(&store);
            for (partition, applied) in PARTITIONS.into_iter().zip(&promises.applied) {
                let seq = store.cursor(partition).unwrap().seq;
                assert!(seq >= *applied, "partition {partition} stands at {seq}, {applied} was applied");
            }
            assert_keys(&store, &promises);
            assert_people(&store, &promises, &promises.counted);
        }
    }

    #[test]
    fn a_power_cut_takes_nothing_that_was_durable() {
        let mut disk = Disk::new(64 << 20);
        let mut taken_back = 0;
        for round in 0..CUTS {
            let mut writer = Writer::start(disk.path());
            writer.listen(promises_before(round));
            pause(round);
            writer.freeze();
            disk.cut();
            let promises = writer.kill();
            disk.restart();
            let store = SqliteStore::open(disk.path(), &Options::for_test())
                .expect("the store opens after a power cut");
            workload::verify(&store);
            for (place, partition) in PARTITIONS.into_iter().enumerate() {
                let seq = store.cursor(partition).unwrap().seq;
                let durable = promises.durable.get(place).copied().unwrap_or(0);
                assert!(seq >= durable, "partition {partition} stands at {seq}, {durable} was durable");
                taken_back += usize::from(promises.applied.get(place).is_some_and(|applied| seq < *applied));
            }
            assert_keys(&store, &promises);
            assert_people(&store, &promises, &promises.rooms_durable);
            let counted = people::cursors(store.people()).into_iter().zip(&promises.counted);
            taken_back += counted.filter(|(seq, counted)| seq < counted).count();
        }
        assert!(taken_back > 0, "no cut took anything back: they do not cut");
    }
}
