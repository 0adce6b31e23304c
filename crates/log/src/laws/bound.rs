//! Bounded (MEM-1), and closed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
    mpsc,
};

use bytes::Bytes;

use super::{
    LogFixture,
    tools::{ANY, Collector, P0, append, append_later, append_now, new_entries, new_entry, seqs},
};
use crate::{LogErrorKind, NewEntry};

/// Appends that aren't done never hold more bytes than the bound, and each is done, with `Overloaded` past it.
pub fn the_queue_is_bounded(fixture: &dyn LogFixture) {
    const BODY: usize = 32 << 10;
    let opened = fixture.open(1);
    let log = opened.log();
    let bound = fixture.queue_bytes_max();
    let count = (bound / BODY * 3).clamp(8, 4096);
    let body = Bytes::from(vec![b'x'; BODY]);
    let waiting = Arc::new(AtomicUsize::new(0));
    let (tell, outcomes) = mpsc::sync_channel(count);
    for number in 0..count as u64 {
        waiting.fetch_add(BODY, SeqCst);
        let (tell, told) = (tell.clone(), Arc::clone(&waiting));
        let done = Box::new(move |outcome: Result<Vec<crate::Appended>, crate::LogError>| {
            told.fetch_sub(BODY, SeqCst);
            let _ = tell.send(outcome.map(|appended| appended[0].serial.seq));
        });
        log.append(P0, vec![NewEntry { body: body.clone(), ..new_entry(number) }], done);
        let held = waiting.load(SeqCst);
        assert!(held <= bound, "{held} bytes wait, and the bound is {bound}");
    }
    let mut stored = 0;
    for _ in 0..count {
        match outcomes.recv_timeout(fixture.patience()).expect("an append is done") {
            Ok(_) => stored += 1,
            Err(error) => assert_eq!(error.kind, LogErrorKind::Overloaded, "{error}"),
        }
    }
    assert_eq!(log.head(P0).expect("a head").serial.seq, stored, "what was refused isn't stored");
    assert!(stored > 0);
    append(fixture, &log, P0, vec![new_entry(count as u64)]);
}

/// Closing waits for what was appended.
pub fn close_finishes_what_was_appended(fixture: &dyn LogFixture) {
    let mut opened = fixture.open(1);
    let log = opened.log();
    let outcomes: Vec<_> = (0..100).map(|number| append_later(&log, P0, new_entries([number]))).collect();
    log.close();
    for outcome in outcomes {
        outcome.try_recv().expect("close waits").expect("an append succeeds");
    }
    drop(log);
    opened.crash();
    let entries = opened.log().read(P0, 1, ANY).expect("the log can be read");
    assert_eq!(seqs(&entries), (1..=100).collect::<Vec<_>>());
}

/// After closing, every call is refused; closing again does nothing.
pub fn a_closed_log_refuses(fixture: &dyn LogFixture) {
    let opened = fixture.open(1);
    let log = opened.log();
    append(fixture, &log, P0, new_entries([1]));
    log.close();
    log.close();
    let closed = LogErrorKind::Closed;
    assert_eq!(append_now(fixture, &log, P0, new_entries([2])).expect_err("it is closed").kind, closed);
    assert_eq!(log.read(P0, 1, ANY).expect_err("it is closed").kind, closed);
    assert_eq!(log.head(P0).expect_err("it is closed").kind, closed);
    assert_eq!(log.truncate(P0, 1).expect_err("it is closed").kind, closed);
    assert_eq!(log.follow(P0, 0, Collector::new(P0, 0)).expect_err("it is closed").kind, closed);
}
