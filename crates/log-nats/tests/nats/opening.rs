//! What opening checks, and what a log says of itself.

use std::time::Duration;

use loquat_log::{Log, LogErrorKind, NewEntry, laws::new_entry};
use loquat_log_nats::{Access, NatsLog, OpenError, Options, SyncCheck};

use crate::support::{ALL, Cluster, P0, Sync, append};

fn refusal(options: Options) -> OpenError {
    NatsLog::open(options).map(|_| ()).expect_err("the log is refused")
}

#[test]
fn servers_that_do_not_sync_are_refused() {
    let cluster = Cluster::start(1, Sync::Default);
    let options = cluster.options(0, 2);
    let refused = refusal(options.clone());
    assert!(matches!(&refused, OpenError::NotSynced { server } if server == "s0"), "{refused}");
    let monitors = SyncCheck::Monitors(cluster.monitors());
    let refused = refusal(Options { sync_check: monitors, ..options.clone() });
    assert!(matches!(refused, OpenError::NotSynced { .. }), "{refused}");
    let log =
        NatsLog::open(Options { sync_check: SyncCheck::Unverified, ..options }).expect("somebody insists");
    assert_eq!(log.guarantees().power_losses_survived, 0);
}

#[test]
fn what_cannot_be_verified_is_refused() {
    let cluster = Cluster::start(1, Sync::Always);
    let options = cluster.options(0, 2);
    // Not the system account.
    let refused =
        refusal(Options { sync_check: SyncCheck::System(options.access.clone()), ..options.clone() });
    assert!(matches!(refused, OpenError::SyncUnknown(_)), "{refused}");
    let nobody = SyncCheck::Monitors(vec!["http://127.0.0.1:1".to_owned()]);
    let refused = refusal(Options { sync_check: nobody, ..options.clone() });
    assert!(matches!(refused, OpenError::SyncUnknown(_)), "{refused}");
    let monitors = SyncCheck::Monitors(cluster.monitors());
    let log = NatsLog::open(Options { sync_check: monitors, ..options.clone() }).expect("the log opens");
    assert_eq!(log.guarantees().power_losses_survived, 1);
    let stranger = Access::Password { user: "a0".to_owned(), password: "guess".to_owned() };
    let refused = refusal(Options { access: stranger, ..options });
    assert!(matches!(refused, OpenError::Unreachable { .. }), "{refused}");
}

#[test]
fn settings_that_differ_are_refused_or_taken_over() {
    let cluster = Cluster::start(1, Sync::Always);
    let options = cluster.options(0, 2);
    drop(NatsLog::open(options.clone()).expect("the log opens"));
    let refused = refusal(Options { partitions: 3, ..options.clone() });
    assert!(matches!(refused, OpenError::Partitions { found: 2, wanted: 3 }), "{refused}");
    let refused = refusal(Options { replicas: 3, ..options.clone() });
    assert!(refused.to_string().contains("num_replicas is 1, not 3"), "{refused}");
    let refused = refusal(Options { replicas: 2, ..options.clone() });
    assert!(matches!(refused, OpenError::Options(_)), "{refused}");
    let longer = Options { idempotency_window: Duration::from_secs(3600), ..options.clone() };
    drop(NatsLog::open(longer).expect("a longer window is taken over"));
    NatsLog::open(options).expect("a shorter one leaves the longer in place");
}

#[test]
fn a_full_stream_refuses_and_stores_nothing() {
    let cluster = Cluster::start(1, Sync::Always);
    let options = Options { partition_bytes_max: Some(100_000), ..cluster.options(0, 1) };
    let log = NatsLog::open(options.clone()).expect("the log opens");
    let large = |number| NewEntry { body: vec![b'x'; 30_000].into(), ..new_entry(number) };
    append(&log, P0, vec![large(1), large(2)]).expect("there is room");
    let refused = append(&log, P0, vec![new_entry(3), large(4), large(5)]).expect_err("there is no room");
    assert_eq!(refused.kind, LogErrorKind::Full);
    assert_eq!(log.read(P0, 1, ALL).expect("a log").len(), 2);
    append(&log, P0, vec![new_entry(3)]).expect("there is room for a small one");
    drop(log);
    let more = Options { partition_bytes_max: Some(1_000_000), ..options };
    let log = NatsLog::open(more).expect("another bound is taken over");
    append(&log, P0, vec![large(4), large(5)]).expect("there is room again");
}

#[test]
fn an_entry_larger_than_the_servers_take_is_refused() {
    let cluster = Cluster::start(3, Sync::Always);
    let log = cluster.open(0, 1);
    let sized = |number, bytes| NewEntry { body: vec![b'x'; bytes].into(), ..new_entry(number) };
    let refused = append(&log, P0, vec![new_entry(1), sized(2, 1 << 20)]).expect_err("it is too large");
    assert_eq!(refused.kind, LogErrorKind::TooLarge);
    let many = (10..25).map(|number| sized(number, 1_000_000)).collect();
    append(&log, P0, many).expect("large entries are stored");
    assert_eq!(log.read(P0, 1, ALL).expect("a log").len(), 15);
}

#[test]
fn calls_may_come_from_inside_a_runtime() {
    let cluster = Cluster::start(1, Sync::Always);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let options = cluster.options(0, 1);
    runtime.block_on(async move {
        let work = tokio::task::spawn_blocking(move || {
            let log = NatsLog::open(options).expect("the log opens");
            append(&log, P0, vec![new_entry(1)]).expect("an append");
            assert_eq!(log.head(P0).expect("a head").serial.seq, 1);
            log.close();
        });
        work.await.expect("it works on a blocking thread");
    });
}
