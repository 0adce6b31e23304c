//! Random histories, compared with the oracle step by step.

use std::sync::Arc;

use bytes::Bytes;
use loquat_protocol::PartitionId;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{
    LogFixture, TestLog, WindowClock,
    tools::{Collector, T0, append_until, new_entry, read_all},
};
use crate::{
    Log, NewEntry, ReadLimit,
    memory::{MemoryLog, MemoryOptions},
};

const PARTITIONS: u16 = 3;
/// Few, so that ids repeat.
const IDS: u64 = 40;

#[derive(Clone, Debug)]
enum Step {
    /// Ids and sizes of a batch, and by how many thousandths of the window time goes on.
    Append {
        partition: u16,
        batch: Vec<(u64, usize)>,
        elapsed: u64,
    },
    /// Truncate below so many thousandths of what there is.
    Truncate {
        partition: u16,
        thousandths: u64,
    },
    Read {
        partition: u16,
        thousandths: u64,
        entries: usize,
        bytes: usize,
    },
    Crash,
    RaiseEpoch,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let partition = 0..PARTITIONS;
    let batch = prop::collection::vec((0..IDS, 0..200_usize), 0..12);
    prop::collection::vec(
        prop_oneof![
            10 => (partition.clone(), batch, 0..150_u64)
                .prop_map(|(partition, batch, elapsed)| Step::Append { partition, batch, elapsed }),
            2 => (partition.clone(), 0..1100_u64)
                .prop_map(|(partition, thousandths)| Step::Truncate { partition, thousandths }),
            4 => (partition, 0..1100_u64, 0..20_usize, 0..1500_usize).prop_map(
                |(partition, thousandths, entries, bytes)| Step::Read { partition, thousandths, entries, bytes }
            ),
            1 => Just(Step::Crash),
            1 => Just(Step::RaiseEpoch),
        ],
        1..60,
    )
}

/// Whatever is done to a log, it answers as the oracle does, and its followers see what the log holds.
///
/// # Panics
/// With the shortest history found that tells them apart.
pub fn random_histories_match_the_oracle(fixture: &dyn LogFixture) {
    let config = Config { cases: fixture.histories(), failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |history| {
        let mut pair = Pair::open(fixture);
        for step in &history {
            pair.step(step);
        }
        pair.check_all();
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// A log, the oracle, and a follower of each partition.
struct Pair<'f> {
    fixture: &'f dyn LogFixture,
    opened: Box<dyn TestLog>,
    oracle: Arc<MemoryLog>,
    followers: Vec<Arc<Collector>>,
    window_ms: u64,
    now_ms: u64,
}

impl<'f> Pair<'f> {
    fn open(fixture: &'f dyn LogFixture) -> Self {
        let window_ms = match fixture.window() {
            WindowClock::Entries(window_ms) => window_ms,
            WindowClock::Engine => u64::MAX,
        };
        let options = MemoryOptions { partitions: PARTITIONS, window_ms, ..MemoryOptions::default() };
        let mut pair = Self {
            fixture,
            opened: fixture.open(PARTITIONS),
            oracle: Arc::new(MemoryLog::new(options)),
            followers: Vec::new(),
            window_ms,
            now_ms: T0,
        };
        pair.follow_all();
        pair
    }

    fn log(&self) -> Arc<dyn Log> {
        self.opened.log()
    }

    fn oracle(&self) -> Arc<dyn Log> {
        self.oracle.clone()
    }

    fn follow_all(&mut self) {
        let log = self.log();
        let after = |at: usize| match self.followers.get(at) {
            // A follower that is new after a crash goes on where the last one was.
            Some(old) => old.entries().last().map_or_else(|| old.after(), |entry| entry.serial.seq),
            None => 0,
        };
        let first = |partition| self.oracle().head(partition).expect("a head").first_seq;
        self.followers = (0..PARTITIONS)
            .map(PartitionId)
            .map(|partition| {
                Collector::follow(&log, partition, after(partition.index()).max(first(partition) - 1))
            })
            .collect();
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Append { partition, batch, elapsed } => {
                self.append(PartitionId(*partition), batch, *elapsed)
            }
            Step::Truncate { partition, thousandths } => self.truncate(PartitionId(*partition), *thousandths),
            Step::Read { partition, thousandths, entries, bytes } => {
                let limit = ReadLimit { entries: *entries, bytes: *bytes };
                self.read(PartitionId(*partition), *thousandths, limit);
            }
            Step::Crash => {
                self.wait_for_followers();
                self.opened.crash();
                self.oracle = Arc::new(self.oracle.crash());
                self.follow_all();
            }
            Step::RaiseEpoch => {
                if self.opened.raise_epoch() {
                    self.oracle.raise_epoch();
                }
            }
        }
    }

    fn append(&mut self, partition: PartitionId, batch: &[(u64, usize)], elapsed: u64) {
        self.now_ms += if self.window_ms == u64::MAX { elapsed } else { self.window_ms * elapsed / 1000 };
        let new = |&(id, size): &(u64, usize)| {
            // Clocks of publishers differ a little.
            let time_ms = self.now_ms - (id + size as u64) % 7;
            NewEntry { time_ms, body: Bytes::from(vec![id as u8; size]), ..new_entry(id) }
        };
        let batch: Vec<_> = batch.iter().map(new).collect();
        let (mut appended, retried) = append_until(self.fixture, &self.log(), partition, &batch);
        let (mut expected, _) = append_until(self.fixture, &self.oracle(), partition, &batch);
        if retried {
            // The first try may have stored it.
            appended.iter_mut().chain(&mut expected).for_each(|appended| appended.duplicate = true);
        }
        assert_eq!(appended, expected);
    }

    fn truncate(&mut self, partition: PartitionId, thousandths: u64) {
        let below = self.oracle().head(partition).expect("a head").serial.seq * thousandths / 1000;
        // A caller truncates below its cursors: what followers were given.
        self.wait_for_followers();
        self.log().truncate(partition, below).expect("a truncation");
        self.oracle().truncate(partition, below).expect("a truncation");
        self.check(partition);
    }

    fn read(&self, partition: PartitionId, thousandths: u64, limit: ReadLimit) {
        let head = self.oracle().head(partition).expect("a head");
        // The log may hold more than the oracle, which truncates to the entry.
        let from = (head.serial.seq * thousandths / 1000).max(head.first_seq);
        let read = self.log().read(partition, from, limit).expect("the log can be read");
        assert_eq!(read, self.oracle().read(partition, from, limit).expect("the oracle can be read"));
    }

    fn check(&self, partition: PartitionId) {
        let (head, expected) =
            (self.log().head(partition).expect("a head"), self.oracle().head(partition).expect("a head"));
        assert!(head.first_seq <= expected.first_seq);
        assert_eq!((head.time_ms, &head.epochs), (expected.time_ms, &expected.epochs));
        if head.first_seq == expected.first_seq {
            assert_eq!(head.serial, expected.serial);
        }
        let from = expected.first_seq;
        assert_eq!(read_all(&self.log(), partition, from), read_all(&self.oracle(), partition, from));
    }

    fn wait_for_followers(&self) {
        for (partition, follower) in (0..PARTITIONS).map(PartitionId).zip(&self.followers) {
            let head = self.oracle().head(partition).expect("a head");
            let followed = follower.wait_for(head.serial.seq, self.fixture.patience());
            let held: Vec<_> =
                followed.into_iter().filter(|entry| entry.serial.seq >= head.first_seq).collect();
            let from = held.first().map_or(head.serial.seq + 1, |entry| entry.serial.seq);
            assert_eq!(held, read_all(&self.oracle(), partition, from));
        }
    }

    fn check_all(&self) {
        self.wait_for_followers();
        (0..PARTITIONS).map(PartitionId).for_each(|partition| self.check(partition));
    }
}
