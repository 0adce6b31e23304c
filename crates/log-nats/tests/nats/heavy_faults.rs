//! Faults under load. What must hold then is checked by [`Load::finish`].

use std::time::Duration;

use crate::support::{Cluster, Load, Sync};

/// Longer than two election rounds.
const ELECTION_MAX: Duration = Duration::from_secs(40);

#[test]
fn leaders_are_killed() {
    let mut cluster = Cluster::start(3, Sync::Always);
    let load = Load::start(&cluster, 2);
    load.wait_for_progress(50);
    for _ in 0..2 {
        let leader = cluster.leader(0, "CH_000_e1");
        cluster.servers[leader].kill();
        load.wait_for_progress(20);
        cluster.servers[leader].start();
        cluster.wait_until_healthy(ELECTION_MAX);
        load.wait_for_progress(20);
    }
    load.finish();
}

#[test]
fn servers_are_frozen() {
    let cluster = Cluster::start(3, Sync::Always);
    let load = Load::start(&cluster, 2);
    load.wait_for_progress(50);
    let leader = cluster.leader(0, "CH_000_e1");
    cluster.servers[leader].freeze();
    // The others elect a leader; the old one does not know when it goes on.
    load.wait_for_progress(20);
    cluster.servers[leader].thaw();
    load.wait_for_progress(20);
    for server in &cluster.servers {
        server.freeze();
        std::thread::park_timeout(Duration::from_millis(1500));
        server.thaw();
        load.wait_for_progress(10);
    }
    load.finish();
}

#[test]
fn all_servers_are_killed() {
    let mut cluster = Cluster::start(3, Sync::Always);
    let load = Load::start(&cluster, 2);
    load.wait_for_progress(50);
    cluster.servers.iter_mut().for_each(|server| server.kill());
    cluster.servers.iter_mut().for_each(|server| server.start());
    load.wait_for_progress(20);
    load.finish();
}
