//! Nodes under load, and what must be true of the log afterwards.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use loquat_log::{
    Entry, Log,
    laws::{Collector, new_entry},
};
use loquat_log_nats::NatsLog;
use loquat_protocol::{PartitionId, Serial};
use parking_lot::Mutex;

use super::{ALL, Cluster, append, wait_until};

/// Numbers of one publisher's entries are below this, and its own number times this is added.
const PUBLISHER: u64 = 1_000_000;
/// A healthy follower has an acknowledged entry within this, without later traffic (TAIL-1).
const TAIL_MAX: Duration = Duration::from_secs(3);

/// The acknowledged entries of all publishers: number, place.
type Acked = Arc<Mutex<Vec<(u64, PartitionId, Serial)>>>;

/// Two nodes with the same log open. On each, a publisher per partition appends small batches, one after the other,
/// and repeats what fails; and a follower per partition collects.
pub struct Load {
    nodes: Vec<Arc<NatsLog>>,
    followers: Vec<Arc<Collector>>,
    publishers: Vec<JoinHandle<()>>,
    acked: Acked,
    stop: Arc<AtomicBool>,
    partitions: u16,
}

impl Load {
    /// Opens the nodes and starts.
    pub fn start(cluster: &Cluster, partitions: u16) -> Self {
        let nodes: Vec<_> = (0..2).map(|_| Arc::new(cluster.open(0, partitions))).collect();
        let acked: Acked = Arc::default();
        let stop = Arc::new(AtomicBool::new(false));
        let mut load = Self { nodes, followers: vec![], publishers: vec![], acked, stop, partitions };
        for (at, node) in load.nodes.iter().enumerate() {
            for partition in (0..partitions).map(PartitionId) {
                let log: Arc<dyn Log> = node.clone();
                load.followers.push(Collector::follow(&log, partition, 0));
                let first = (at as u64 * u64::from(partitions) + u64::from(partition.0) + 1) * PUBLISHER;
                let (acked, stop) = (Arc::clone(&load.acked), Arc::clone(&load.stop));
                load.publishers
                    .push(std::thread::spawn(move || publish(&*log, partition, first, &acked, &stop)));
            }
        }
        load
    }

    /// Waits until every publisher has had so many more entries acknowledged.
    pub fn wait_for_progress(&self, entries: usize) {
        let by_publisher = || {
            let mut counts: HashMap<u64, usize> = HashMap::new();
            self.acked
                .lock()
                .iter()
                .for_each(|(number, ..)| *counts.entry(number / PUBLISHER).or_default() += 1);
            counts
        };
        let before = by_publisher();
        wait_until("every publisher has gone on", Duration::from_secs(60), || {
            let now = by_publisher();
            let went_on = |publisher: u64| {
                now.get(&publisher).copied().unwrap_or(0)
                    >= before.get(&publisher).copied().unwrap_or(0) + entries
            };
            (1..=self.publishers.len() as u64).all(went_on)
        });
    }

    /// Ends the load and checks I1 to I4, I8 and I14 of what was acknowledged, what the log holds and what the
    /// followers were given; followers have checked by themselves that they were given each entry once, in order.
    pub fn finish(self) {
        self.stop.store(true, Relaxed);
        for publisher in self.publishers {
            publisher.join().expect("a publisher ends well");
        }
        let quiet = Instant::now();
        let acked = self.acked.lock().clone();
        for partition in (0..self.partitions).map(PartitionId) {
            let newest = acked.iter().filter(|acked| acked.1 == partition).map(|acked| acked.2.seq).max();
            let followers =
                self.followers.iter().skip(partition.index()).step_by(usize::from(self.partitions));
            let followed: Vec<_> =
                followers.map(|follower| follower.wait_for(newest.expect("a load"), TAIL_MAX)).collect();
            assert!(quiet.elapsed() < TAIL_MAX, "the tail came late: {:?}", quiet.elapsed());
            let logs: Vec<_> =
                self.nodes.iter().map(|node| node.read(partition, 1, ALL).expect("a log")).collect();
            assert_eq!(logs[0], logs[1], "all nodes read the same");
            followed.iter().for_each(|followed| assert_eq!(followed[..], logs[0][..followed.len()]));
            check(partition, &acked, &logs[0]);
        }
        eprintln!("{} entries were acknowledged", acked.len());
        self.nodes.iter().for_each(|node| node.close());
    }
}

fn publish(log: &dyn Log, partition: PartitionId, first: u64, acked: &Acked, stop: &AtomicBool) {
    let mut next = first;
    while !stop.load(Relaxed) {
        let numbers: Vec<u64> = (next..next + 1 + next % 3).collect();
        let batch: Vec<_> = numbers.iter().map(|&number| new_entry(number)).collect();
        let appended = loop {
            match append(log, partition, batch.clone()) {
                Ok(appended) => break appended,
                Err(error) => assert!(error.kind.is_retryable(), "{error}"),
            }
        };
        next += numbers.len() as u64;
        let places = appended.iter().map(|appended| (partition, appended.serial));
        acked.lock().extend(
            numbers.into_iter().zip(places).map(|(number, (partition, serial))| (number, partition, serial)),
        );
    }
}

fn check(partition: PartitionId, acked: &[(u64, PartitionId, Serial)], log: &[Entry]) {
    let mut seen = HashSet::new();
    let mut newest: HashMap<u64, u64> = HashMap::new();
    let mut places = HashMap::new();
    for (seq, entry) in (1..).zip(log) {
        assert_eq!(entry.serial.seq, seq, "the log is dense");
        let text = std::str::from_utf8(&entry.body).expect("a body of ours");
        let number: u64 =
            text.strip_prefix("body ").and_then(|number| number.parse().ok()).expect("a body of ours");
        assert!(seen.insert(number), "{number} is in the log twice");
        let before = newest.insert(number / PUBLISHER, number);
        assert!(before.is_none_or(|before| before < number), "{number} is after {before:?}");
        places.insert(number, entry.serial);
    }
    assert!(log.is_sorted_by_key(|entry| entry.time_ms), "times never fall");
    for (number, _, serial) in acked.iter().filter(|acked| acked.1 == partition) {
        assert_eq!(places.get(number), Some(serial), "{number} was acknowledged");
    }
}
