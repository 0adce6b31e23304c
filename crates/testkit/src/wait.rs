//! Waiting for a condition instead of for a time.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Waits until `condition` gives something, at most `limit`.
pub fn within<T>(limit: Duration, mut condition: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = condition() {
            return Some(value);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::park_timeout(Duration::from_millis(5));
    }
}

/// Waits until `condition` holds.
///
/// # Panics
/// When it doesn't within 30 s; `what` says what was waited for.
#[track_caller]
pub fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let held = within(Duration::from_secs(30), || condition().then_some(()));
    assert!(held.is_some(), "waited 30 s in vain: {what}");
}
