//! Followed (GAP-1, TAIL-1).

use std::sync::{Arc, mpsc};

use loquat_protocol::PartitionId;

use super::{
    LogFixture,
    tools::{Collector, P0, P1, append, append_later, new_entries, read_all},
};
use crate::LogErrorKind;

/// A follower of an empty partition gets each entry, the last one without later traffic.
pub fn a_follower_gets_what_comes(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(1);
    let log = opened.log();
    let collector = Collector::follow(&log, P0, 0);
    for number in 0..20 {
        append(fixture, &log, P0, new_entries([number]));
        collector.wait_for(number + 1, fixture.patience());
    }
    assert_eq!(collector.entries(), read_all(&log, P0, 1));
    drop(log);
    opened.crash();
    let log = opened.log();
    let again = Collector::follow(&log, P0, 20);
    append(fixture, &log, P0, new_entries([20]));
    assert_eq!(again.wait_for(21, fixture.patience()), read_all(&log, P0, 21));
}

/// Followers that begin anywhere, while others append, see no gap between what was there and what comes.
pub fn a_backlog_joins_the_live_entries(fixture: &dyn LogFixture) {
    const BACKLOG: u64 = 3000;
    const LIVE: u64 = 300;
    let opened = fixture.open(4);
    let log = opened.log();
    let partitions = [0, 1, 2, 3].map(PartitionId);
    for partition in partitions {
        append(fixture, &log, partition, new_entries(0..BACKLOG));
    }
    let collectors = std::thread::scope(|scope| {
        let appending = Arc::clone(&log);
        let appender = scope.spawn(move || {
            for number in BACKLOG..BACKLOG + LIVE {
                let outcomes =
                    partitions.map(|partition| append_later(&appending, partition, new_entries([number])));
                for outcome in outcomes {
                    outcome
                        .recv_timeout(fixture_patience())
                        .expect("an append is done")
                        .expect("and succeeds");
                }
            }
        });
        let afters = [0, BACKLOG / 2, BACKLOG - 1, BACKLOG];
        let collectors =
            std::array::from_fn::<_, 4, _>(|at| Collector::follow(&log, partitions[at], afters[at]));
        appender.join().expect("the appender ends");
        collectors.into_iter().zip(afters)
    });
    for (partition, (collector, after)) in partitions.into_iter().zip(collectors) {
        let followed = collector.wait_for(BACKLOG + LIVE, fixture.patience());
        assert_eq!(followed, read_all(&log, partition, after + 1));
    }
}

/// A thread can't borrow the fixture, which needn't be shared; this is long for any.
fn fixture_patience() -> std::time::Duration {
    std::time::Duration::from_secs(60)
}

/// A follower gets only what it follows.
pub fn followers_are_per_partition(fixture: &dyn LogFixture) {
    let opened = fixture.open(2);
    let log = opened.log();
    let (first, second) = (Collector::follow(&log, P0, 0), Collector::follow(&log, P1, 0));
    append(fixture, &log, P0, new_entries([1, 2]));
    append(fixture, &log, P1, new_entries([3]));
    append(fixture, &log, P0, new_entries([4]));
    assert_eq!(first.wait_for(3, fixture.patience()), read_all(&log, P0, 1));
    assert_eq!(second.wait_for(1, fixture.patience()), read_all(&log, P1, 1));
}

/// Where the engine promises it, an entry is given to followers before its append is done.
pub fn entries_are_fed_before_done(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    if !log.guarantees().feed_before_done {
        return;
    }
    let collector = Collector::follow(&log, P0, 0);
    for number in 0..50 {
        let (tell, fed) = mpsc::sync_channel(1);
        let watched = Arc::clone(&collector);
        let done = Box::new(move |outcome: Result<Vec<crate::Appended>, _>| {
            let seq = outcome.expect("an append succeeds")[0].serial.seq;
            let _ = tell.send(watched.entries().last().is_some_and(|entry| entry.serial.seq >= seq));
        });
        log.append(P0, new_entries([number]), done);
        assert!(fed.recv_timeout(fixture.patience()).expect("an append is done"));
    }
}

/// A partition takes one follower in a process.
pub fn a_partition_has_one_follower(fixture: &dyn LogFixture) {
    let opened = fixture.open(2);
    let log = opened.log();
    let _first = Collector::follow(&log, P0, 0);
    let refused = log.follow(P0, 0, Collector::new(P0, 0)).expect_err("a second follower is refused");
    assert_eq!(refused.kind, LogErrorKind::Unavailable);
    Collector::follow(&log, P1, 0);
}

/// A follower can't begin before the oldest entry or after the newest.
pub fn followers_begin_where_the_log_is(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    append(fixture, &log, P0, new_entries(0..10));
    log.truncate(P0, 6).expect("a truncation");
    let refusal = |after| log.follow(P0, after, Collector::new(P0, after)).expect_err("it is refused").kind;
    assert_eq!(refusal(11), LogErrorKind::Damaged);
    let first_seq = log.head(P0).expect("a head").first_seq;
    if first_seq > 1 {
        assert_eq!(refusal(first_seq - 2), LogErrorKind::Truncated);
    }
    let collector = Collector::follow(&log, P0, first_seq - 1);
    assert_eq!(collector.wait_for(10, fixture.patience()), read_all(&log, P0, first_seq));
}
