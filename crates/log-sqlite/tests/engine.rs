//! What this engine does at its bounds.

mod support;

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use bytes::Bytes;
use loquat_log::{
    Entry, FeedSink, Log, LogErrorKind, NewEntry, ReadLimit,
    laws::{Collector, append, append_now, new_entry},
    window::WindowOptions,
};
use loquat_log_sqlite::{Options, SqliteLog};
use loquat_protocol::PartitionId;
use parking_lot::Mutex;
use support::fixture::Sqlite;
use tempfile::TempDir;

const P0: PartitionId = PartitionId(0);
const PATIENCE: Duration = Duration::from_secs(20);

fn open(change: impl FnOnce(Options) -> Options) -> (TempDir, Arc<SqliteLog>, Arc<dyn Log>) {
    let directory = tempfile::tempdir().expect("a directory");
    let options = change(Options::for_test(directory.path().join("log.db")));
    let log = Arc::new(SqliteLog::open(options).expect("the log opens"));
    (directory, log.clone(), log)
}

#[test]
fn a_full_window_refuses_until_ids_expire() {
    let window = WindowOptions { span_ms: 1000, ids_max: 10 };
    let (_directory, _, log) = open(|options| Options { window, ..options });
    let at = |number, time_ms| NewEntry { time_ms, ..new_entry(number) };
    append(&Sqlite, &log, P0, (0..6).map(|number| at(number, 5000)).collect());
    let refused = append_now(&Sqlite, &log, P0, (6..11).map(|number| at(number, 5500)).collect());
    assert_eq!(refused.expect_err("the window is full").kind, LogErrorKind::Overloaded);
    assert_eq!(log.head(P0).expect("a head").serial.seq, 6, "nothing of the batch is stored");
    append(&Sqlite, &log, PartitionId(1), (6..10).map(|number| at(number, 6000)).collect());
    assert!(
        append(&Sqlite, &log, P0, vec![at(3, 6000)])[0].duplicate,
        "no id inside the window is forgotten"
    );
    // Time goes on in another partition: what is expired makes room.
    append(&Sqlite, &log, PartitionId(1), vec![at(10, 6001)]);
    let appended = append(&Sqlite, &log, PartitionId(1), (11..16).map(|number| at(number, 6002)).collect());
    assert_eq!(appended[4].serial.seq, 10);
}

#[test]
fn what_can_never_fit_is_too_large() {
    let (_directory, _, log) =
        open(|options| Options { entry_bytes_max: 1000, queue_bytes_max: 5000, ..options });
    let sized = |number, size| NewEntry { body: Bytes::from(vec![b'x'; size]), ..new_entry(number) };
    let kind = |batch| append_now(&Sqlite, &log, P0, batch).expect_err("it is too large").kind;
    assert_eq!(kind(vec![sized(1, 1001)]), LogErrorKind::TooLarge);
    assert_eq!(kind((0..6).map(|number| sized(number, 1000)).collect()), LogErrorKind::TooLarge);
    append(&Sqlite, &log, P0, vec![sized(1, 1000), sized(2, 1000)]);
}

#[test]
fn partitions_that_there_are_not_are_refused() {
    let (_directory, _, log) = open(|options| options);
    let nowhere = PartitionId(4);
    assert!(append_now(&Sqlite, &log, nowhere, vec![new_entry(1)]).is_err());
    assert!(log.head(nowhere).is_err() && log.truncate(nowhere, 1).is_err());
    assert!(log.read(nowhere, 1, ReadLimit { entries: 1, bytes: 1 }).is_err());
    assert!(log.follow(nowhere, 0, Collector::new(nowhere, 0)).is_err());
}

/// A follower that waits for leave before it takes its first entries.
struct Gated {
    collector: Arc<Collector>,
    gate: Mutex<Option<mpsc::Receiver<()>>>,
}

impl FeedSink for Gated {
    fn entries(&self, partition: PartitionId, entries: Vec<Entry>) {
        if let Some(gate) = self.gate.lock().take() {
            gate.recv_timeout(PATIENCE).expect("leave is given");
        }
        FeedSink::entries(&*self.collector, partition, entries);
    }

    fn stalled(&self, _: PartitionId, stalled: bool) {
        assert!(!stalled);
    }
}

#[test]
fn a_truncation_leaves_what_a_follower_has_not_had() {
    let (_directory, _, log) = open(|options| options);
    append(&Sqlite, &log, P0, (0..2000).map(new_entry).collect());
    let (leave, gate) = mpsc::sync_channel(1);
    let collector = Collector::new(P0, 0);
    let gated = Arc::new(Gated { collector: Arc::clone(&collector), gate: Mutex::new(Some(gate)) });
    log.follow(P0, 0, gated).expect("the partition can be followed");
    log.truncate(P0, 2001).expect("a truncation");
    append(&Sqlite, &log, P0, (2000..2010).map(new_entry).collect());
    leave.send(()).expect("the follower waits");
    assert_eq!(collector.wait_for(2010, PATIENCE).len(), 2010);
    log.truncate(P0, 2001).expect("a truncation");
    assert_eq!(log.head(P0).expect("a head").first_seq, 2001);
}

#[test]
fn appends_go_on_during_a_long_truncation() {
    let (_directory, _, log) = open(|options| options);
    for batch in 0..20 {
        append(&Sqlite, &log, P0, (batch * 2000..(batch + 1) * 2000).map(new_entry).collect());
    }
    let truncating = Arc::clone(&log);
    let truncation = std::thread::spawn(move || truncating.truncate(P0, 40_001));
    let mut appended = 0;
    while !truncation.is_finished() {
        append(&Sqlite, &log, PartitionId(1), vec![new_entry(appended)]);
        appended += 1;
    }
    truncation.join().expect("it ends").expect("a truncation");
    assert!(appended >= 5, "{appended} appends went through");
    assert_eq!(log.head(P0).expect("a head").first_seq, 40_001);
}

#[test]
fn reads_wait_for_a_connection_and_then_succeed() {
    let (_directory, _, log) = open(|options| Options { readers_max: 2, ..options });
    append(&Sqlite, &log, P0, (0..1000).map(new_entry).collect());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for from in 1..50 {
                    let entries = log.read(P0, from, ReadLimit { entries: 200, bytes: 1 << 20 });
                    assert_eq!(entries.expect("the log can be read").len(), 200);
                }
            });
        }
    });
}

#[test]
fn commits_take_what_waits() {
    let (_directory, engine, log) = open(|options| options);
    let (tell, told) = mpsc::sync_channel(1000);
    let batches = (0..1000).map(|number| {
        let tell = tell.clone();
        let done: loquat_log::AppendDone = Box::new(move |outcome| {
            let _ = tell.send(outcome.is_ok());
        });
        (PartitionId((number % 4) as u16), vec![new_entry(number)], done)
    });
    log.append_many(batches.collect());
    assert!((0..1000).all(|_| told.recv_timeout(PATIENCE) == Ok(true)));
    let stats = engine.stats();
    assert_eq!((stats.entries, stats.queue_bytes), (1000, 0));
    assert!(stats.commits <= 2, "{} commits", stats.commits);
}

#[test]
fn a_callback_that_panics_ends_the_log_loudly() {
    let (tell, told) = mpsc::sync_channel(1);
    let on_fatal = Arc::new(move |reason: &str| {
        let _ = tell.send(reason.to_owned());
    });
    let (_directory, _, log) = open(|options| Options { on_fatal, ..options });
    log.append(P0, vec![new_entry(1)], Box::new(|_| panic!("a bug in a callback")));
    assert!(told.recv_timeout(PATIENCE).expect("the end is told").contains("panicked"));
}

#[test]
fn a_log_that_is_dropped_by_its_own_callback_ends() {
    let (directory, engine, log) = open(|options| options);
    drop(engine);
    let (tell, told) = mpsc::sync_channel(1);
    let last = Arc::clone(&log);
    let (hand_over, held) = mpsc::sync_channel::<Arc<dyn Log>>(1);
    let done = Box::new(move |_: Result<Vec<_>, _>| {
        drop(held.recv_timeout(PATIENCE).expect("the last reference"));
        let _ = tell.send(());
    });
    log.append(P0, vec![new_entry(1)], done);
    drop(log);
    hand_over.send(last).expect("the callback waits");
    told.recv_timeout(PATIENCE).expect("the callback ends");
    // The writer's own connection may close a moment later: opening waits for it.
    let log =
        SqliteLog::open(Options::for_test(directory.path().join("log.db"))).expect("the log opens again");
    assert_eq!(log.head(P0).expect("a head").serial.seq, 1);
}
