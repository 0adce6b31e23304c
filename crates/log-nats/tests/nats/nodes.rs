//! Several nodes on one log.

use std::{sync::Arc, time::Duration};

use loquat_log::{
    Appended, Log, NewEntry,
    laws::{Collector, new_entry},
};
use loquat_log_nats::NatsLog;
use loquat_protocol::Serial;

use crate::support::{ALL, Cluster, P0, Sync, append};

/// Publishers with clocks far apart append at the same time: acknowledgements, reads from any position and followers
/// all tell the same times, which never fall.
#[test]
fn nodes_agree_on_times() {
    const EACH: u64 = 200;
    let cluster = Cluster::start(1, Sync::Always);
    let nodes = [(); 3].map(|()| Arc::new(cluster.open(0, 1)));
    let logs = nodes.clone().map(|node| node as Arc<dyn Log>);
    let followers = logs.clone().map(|log| Collector::follow(&log, P0, 0));
    let acked: Vec<Appended> = std::thread::scope(|scope| {
        let publishers = logs.iter().zip(0..).map(|(log, node)| {
            scope.spawn(move || {
                let entry = |number| NewEntry {
                    // Clocks that are apart by seconds and run at different speeds.
                    time_ms: 1_700_000_000_000 + node * 2_000 + number * (7 - node),
                    ..new_entry(node * 10_000 + number)
                };
                let batches = (0..EACH).map(|first| (first * 2..first * 2 + 2).map(entry).collect());
                let appended = batches.map(|batch| append(&**log, P0, batch).expect("an append"));
                appended.flatten().collect::<Vec<_>>()
            })
        });
        let publishers: Vec<_> = publishers.collect();
        publishers.into_iter().flat_map(|publisher| publisher.join().expect("a publisher")).collect()
    });
    let entries = logs[0].read(P0, 1, ALL).expect("a log");
    assert_eq!(entries.len() as u64, 3 * 2 * EACH);
    assert!(entries.is_sorted_by_key(|entry| entry.time_ms));
    let switches = entries.windows(2).filter(|pair| pair[0].body[..6] != pair[1].body[..6]).count();
    assert!(switches > 10, "the publishers did not meet");
    for appended in &acked {
        assert_eq!(appended.time_ms, entries[appended.serial.seq as usize - 1].time_ms);
    }
    for from in (1..=entries.len() as u64).step_by(7) {
        let read = logs[1].read(P0, from, loquat_log::ReadLimit { entries: 3, bytes: usize::MAX });
        let read = read.expect("a log");
        assert_eq!(read[..], entries[from as usize - 1..][..read.len()], "from {from}");
    }
    for follower in followers {
        assert_eq!(follower.wait_for(entries.len() as u64, Duration::from_secs(10)), entries);
    }
}

/// The same entry by several nodes at once is stored once.
#[test]
fn nodes_share_the_window() {
    let cluster = Cluster::start(1, Sync::Always);
    let nodes = [(); 3].map(|()| Arc::new(cluster.open(0, 1)));
    let outcomes: Vec<Vec<Appended>> = std::thread::scope(|scope| {
        let publish = |node: &Arc<NatsLog>| {
            let node = Arc::clone(node);
            scope.spawn(move || {
                let batches = (0..60).map(|batch| (batch * 5..batch * 5 + 5).map(new_entry).collect());
                batches.flat_map(|batch| append(&*node, P0, batch).expect("an append")).collect()
            })
        };
        let publishers: Vec<_> = nodes.iter().map(publish).collect();
        publishers.into_iter().map(|publisher| publisher.join().expect("a publisher")).collect()
    });
    let entries = nodes[0].read(P0, 1, ALL).expect("a log");
    assert_eq!(entries.len(), 300);
    for number in 0..300 {
        let outcome = outcomes.iter().map(|outcome| outcome[number]);
        let firsts = outcome.clone().filter(|appended| !appended.duplicate).count();
        assert_eq!(firsts, 1, "one of the nodes stored {number}");
        let entry =
            entries.iter().find(|entry| entry.body == new_entry(number as u64).body).expect("it is there");
        assert!(
            outcome
                .clone()
                .all(|appended| (appended.serial, appended.time_ms) == (entry.serial, entry.time_ms))
        );
    }
}

/// A node that has not heard of a new epoch stores nothing under the old one, and goes on in the new.
#[test]
fn nodes_learn_of_a_new_epoch() {
    let cluster = Cluster::start(1, Sync::Always);
    let nodes = [(); 2].map(|()| Arc::new(cluster.open(0, 1)));
    let logs = nodes.clone().map(|node| node as Arc<dyn Log>);
    let follower = Collector::follow(&logs[1], P0, 0);
    append(&*nodes[1], P0, vec![new_entry(1)]).expect("an append");
    assert_eq!(nodes[0].raise_epoch().expect("a new epoch"), 2);
    let appended = append(&*nodes[1], P0, vec![new_entry(2)]).expect("an append");
    assert_eq!(appended[0].serial, Serial::new(2, 2));
    let followed = follower.wait_for(2, Duration::from_secs(10));
    assert_eq!(
        followed.iter().map(|entry| entry.serial).collect::<Vec<_>>(),
        [Serial::new(1, 1), Serial::new(2, 2)]
    );
    assert_eq!(logs[0].read(P0, 1, ALL).expect("a log"), followed);
}

/// A node died after it took away the old epoch's subject, and before it recorded the new epoch.
#[test]
fn an_epoch_that_was_begun_is_finished() {
    let cluster = Cluster::start(1, Sync::Always);
    let log = cluster.open(0, 1);
    append(&log, P0, vec![new_entry(1)]).expect("an append");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = async_nats::ConnectOptions::with_user_and_password("a0".to_owned(), "p".to_owned());
    runtime.block_on(async {
        let client = client.connect(&cluster.options(0, 1).servers[..]).await.expect("a connection");
        let info = client.request("$JS.API.STREAM.INFO.CH_000_e1", "".into()).await.expect("an answer");
        let info: serde_json::Value = serde_json::from_slice(&info.payload).expect("an answer");
        let config = info["config"].to_string().replace("ch.000.e1", "ch.000.e2");
        let updated =
            client.request("$JS.API.STREAM.UPDATE.CH_000_e1", config.into()).await.expect("an answer");
        assert!(!String::from_utf8_lossy(&updated.payload).contains("error"));
    });
    let next = cluster.open(0, 1);
    assert_eq!(next.head(P0).expect("a head").epochs.len(), 2);
    let appended = append(&log, P0, vec![new_entry(2)]).expect("the other node goes on");
    assert_eq!(appended[0].serial, Serial::new(2, 2));
}
