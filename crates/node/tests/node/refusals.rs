//! Consumers that cannot go on from where they stand.

use std::sync::Arc;

use crate::support::{House, Recorder, Running, wait_for};

fn publish(running: &Running, numbers: std::ops::RangeInclusive<u32>) {
    for number in numbers {
        running.publish("c", &format!("{number:02}"));
    }
}

/// A node over a log whose entries up to 20 are gone, of 30.
fn truncated() -> (House, Running) {
    let house = House::new(1).without_rings();
    let running = house.start(None);
    publish(&running, 1..=20);
    wait_for("the log to be truncated", || house.first_seq(0) == 21);
    let slow = Recorder::at(20);
    slow.stuck.store(true, std::sync::atomic::Ordering::SeqCst);
    running.consume(slow as _).unwrap();
    publish(&running, 21..=30);
    (house, running)
}

#[test]
fn one_that_the_log_has_left_behind_is_refused() {
    let (house, running) = truncated();
    let refused = running.consume(Recorder::at(19) as _).unwrap_err().to_string();
    assert!(refused.contains("'recorder'") && refused.contains("up to entry 19"), "{refused}");
    assert!(refused.contains("the log begins at 21"), "{refused}");
    assert_eq!(house.first_seq(0), 21);
}

#[test]
fn one_that_is_ahead_of_the_log_is_refused() {
    let (_house, running) = truncated();
    let refused = running.consume(Recorder::at(31) as _).unwrap_err().to_string();
    assert!(refused.contains("up to entry 31") && refused.contains("the log ends at 30"), "{refused}");
}

#[test]
fn one_that_stands_at_the_logs_beginning_goes_on() {
    let (_house, running) = truncated();
    let recorder = Recorder::at(20);
    running.consume(Arc::clone(&recorder) as _).unwrap();
    wait_for("the rest", || recorder.cursor_of(0) == 30);
    assert_eq!(recorder.texts(), (21..=30).map(|number| format!("{number:02}")).collect::<Vec<_>>());
}

#[test]
fn a_new_one_begins_with_what_the_log_still_holds() {
    let (_house, running) = truncated();
    let recorder = Recorder::new();
    running.consume(Arc::clone(&recorder) as _).unwrap();
    wait_for("the rest", || recorder.cursor_of(0) == 30);
    assert_eq!(recorder.texts().len(), 10);
}
