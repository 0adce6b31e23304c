//! Consumers of the log: every entry once, in order, whatever happens in between.

use std::sync::{Arc, atomic::Ordering::SeqCst};

use loquat_store::StoreErrorKind;

use crate::support::{House, Recorder, Running, wait_for};

/// Publishes `count` messages over several channels; gives their texts.
fn publish(running: &Running, from: usize, count: usize) -> Vec<String> {
    let publish = |number: usize| {
        let text = format!("{number:04}");
        running.publish(&format!("channel {}", number % 7), &text);
        text
    };
    (from..from + count).map(publish).collect()
}

/// What came, in the order of its numbers; within a partition it must have come so.
fn sorted(recorder: &Recorder) -> Vec<String> {
    let applied = recorder.applied.lock();
    for (partition, texts) in &applied.texts {
        assert!(texts.is_sorted(), "partition {partition}: {texts:?}");
    }
    let mut all: Vec<_> = applied.texts.values().flatten().cloned().collect();
    all.sort();
    all
}

#[test]
fn a_consumer_gets_every_entry_that_it_wants_once_and_passes_over_the_others() {
    let house = House::new(4);
    let running = house.start(None);
    let early = publish(&running, 0, 20);
    let recorder = Recorder::new();
    running.consume(Arc::clone(&recorder) as _).unwrap();
    let late = publish(&running, 20, 100);
    wait_for("every message", || recorder.texts().len() >= 120);
    assert_eq!(sorted(&recorder), [early, late].concat());

    let batches = recorder.batches.load(SeqCst);
    let last = running.publish("other", "not for it");
    let partition = loquat_protocol::PartitionId::of(&crate::support::channel("other"), 4);
    wait_for("the cursor to pass over it", || recorder.cursor_of(partition.0) == last.seq);
    assert_eq!(recorder.texts().len(), 120);
    assert!(recorder.batches.load(SeqCst) <= batches + 2, "what it does not want costs few commits");
    let text = running.metrics().encode();
    wait_for("the lag", || {
        running.metrics().encode().contains(r#"consumer_lag_entries{consumer="recorder"} 0"#)
    });
    assert!(text.contains(r#"consumer_lag_entries{consumer="history"}"#), "{text}");
}

#[test]
fn a_restart_in_the_middle_loses_nothing_and_doubles_nothing() {
    let mut house = House::new(4);
    let recorder = Recorder::new();
    let first = {
        let running = house.start(None);
        running.consume(Arc::clone(&recorder) as _).unwrap();
        let texts = publish(&running, 0, 50);
        wait_for("some", || !recorder.texts().is_empty());
        texts
    };
    assert_eq!(sorted(&recorder), first, "a stop applies what there is");

    house.reopen_log();
    recorder.stuck.store(true, SeqCst);
    let second = {
        let running = house.start(None);
        running.consume(Arc::clone(&recorder) as _).unwrap();
        publish(&running, 50, 50)
    };
    assert_eq!(sorted(&recorder), first, "it was stuck");

    // The power fails: what was applied but not durable is gone too.
    house.reopen_log();
    let recorder = recorder.after_power_loss();
    let running = house.start(None);
    running.consume(Arc::clone(&recorder) as _).unwrap();
    let third = publish(&running, 100, 50);
    wait_for("the rest", || recorder.texts().len() >= 150);
    assert_eq!(sorted(&recorder), [first, second, third].concat());
}

#[test]
fn errors_that_pass_are_tried_again() {
    let house = House::new(2);
    let running = house.start(None);
    let recorder = Recorder::new();
    *recorder.failures.lock() =
        vec![StoreErrorKind::Full, StoreErrorKind::OutOfOrder, StoreErrorKind::Unavailable];
    running.consume(Arc::clone(&recorder) as _).unwrap();
    let texts = publish(&running, 0, 10);
    wait_for("readiness to say that the disk is full", || running.readiness() == Err("disk full"));
    wait_for("every message", || recorder.texts().len() >= 10);
    assert_eq!(sorted(&recorder), texts);
    wait_for("readiness", || running.readiness().is_ok());
}

#[test]
fn the_log_is_kept_for_the_slowest() {
    let house = House::new(1).without_rings();
    let running = house.start(None);
    let recorder = Recorder::new();
    recorder.stuck.store(true, SeqCst);
    running.consume(Arc::clone(&recorder) as _).unwrap();
    let texts = publish(&running, 0, 30);
    let history =
        || loquat_store::Projection::cursor(&*house.store, loquat_protocol::PartitionId(0)).unwrap();
    wait_for("history to have it durably", || history().durable_seq == 30);
    // Several rounds of retention go by.
    let now = history();
    assert_eq!((now.seq, house.first_seq(0)), (30, 1), "the stuck consumer still needs it");
    recorder.stuck.store(false, SeqCst);
    wait_for("the log to be truncated", || house.first_seq(0) == 31);
    assert_eq!(sorted(&recorder), texts);
}

#[test]
fn damage_stops_the_process() {
    const CHILD: &str = "LOQUAT_TEST_DAMAGED_CONSUMER";
    if std::env::var_os(CHILD).is_none() {
        let this = std::env::current_exe().unwrap();
        let mut child = std::process::Command::new(this);
        child.args(["--exact", "consumers::damage_stops_the_process"]).env(CHILD, "1");
        let outcome = child.output().unwrap();
        let signal = std::os::unix::process::ExitStatusExt::signal(&outcome.status);
        assert_eq!(signal, Some(libc::SIGABRT), "{outcome:?}");
        return;
    }
    let running = House::new(1).start(None);
    let recorder = Recorder::new();
    recorder.failures.lock().push(StoreErrorKind::Damaged);
    running.consume(recorder as _).unwrap();
    running.publish("c", "x");
    wait_for("the end of the process", || false);
}
