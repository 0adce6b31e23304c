//! Followers that lose their server.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use loquat_log::{
    Entry, FeedSink, Log,
    laws::{Collector, new_entry},
};
use loquat_log_nats::{NatsLog, Options};
use loquat_protocol::PartitionId;
use parking_lot::Mutex;

use crate::support::{ALL, Cluster, P0, Sync, append, wait_until};

const PATIENCE: Duration = Duration::from_secs(30);

/// What was stored while a follower's own server stood still reaches it by another one, without later traffic.
#[test]
fn a_follower_survives_its_server() {
    let mut cluster = Cluster::start(3, Sync::Always);
    // Each node knows the other servers only from its own.
    let node = |server: usize| {
        let options = cluster.options(0, 1);
        NatsLog::open(Options { servers: vec![options.servers[server].clone()], ..options })
            .expect("the log opens")
    };
    let (publisher, follower): (_, Arc<dyn Log>) = (node(0), Arc::new(node(1)));
    append(&publisher, P0, vec![new_entry(0)]).expect("an append");
    let collector = Collector::follow(&follower, P0, 0);
    collector.wait_for(1, PATIENCE);
    cluster.servers[1].freeze();
    for number in 1..50 {
        append(&publisher, P0, vec![new_entry(number)]).expect("two servers are enough");
    }
    let stored = publisher.read(P0, 1, ALL).expect("a log");
    assert_eq!(collector.wait_for(50, PATIENCE), stored);
    cluster.servers[1].kill();
    append(&publisher, P0, vec![new_entry(50)]).expect("two servers are enough");
    collector.wait_for(51, PATIENCE);
}

/// Keeps what it is told.
#[derive(Default)]
struct Witness {
    stalls: Mutex<Vec<bool>>,
    last: Mutex<u64>,
}

impl FeedSink for Witness {
    fn entries(&self, _: PartitionId, entries: Vec<Entry>) {
        *self.last.lock() = entries.last().map_or(0, |entry| entry.serial.seq);
    }

    fn stalled(&self, _: PartitionId, stalled: bool) {
        self.stalls.lock().push(stalled);
    }
}

/// A feed that can't know whether there is more says so after five seconds, and says when it knows again.
#[test]
fn a_stalled_feed_says_so() {
    let cluster = Cluster::start(1, Sync::Always);
    let log = cluster.open(0, 1);
    let witness = Arc::new(Witness::default());
    log.follow(P0, 0, witness.clone()).expect("the partition can be followed");
    append(&log, P0, vec![new_entry(0)]).expect("an append");
    wait_until("the entry was given", PATIENCE, || *witness.last.lock() == 1);
    assert!(witness.stalls.lock().is_empty(), "it is not stalled while all is well");
    let frozen = Instant::now();
    cluster.servers[0].freeze();
    wait_until("the feed is stalled", PATIENCE, || *witness.stalls.lock() == [true]);
    assert!(frozen.elapsed() > Duration::from_secs(4), "it was too hasty: {:?}", frozen.elapsed());
    cluster.servers[0].thaw();
    wait_until("the feed goes on", PATIENCE, || *witness.stalls.lock() == [true, false]);
    append(&log, P0, vec![new_entry(1)]).expect("an append");
    wait_until("the entry was given", PATIENCE, || *witness.last.lock() == 2);
}
