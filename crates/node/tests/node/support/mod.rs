//! What the tests of a node share.

mod client;
mod house;
mod people;
mod recorder;

use std::time::{Duration, Instant};

pub use self::{
    client::{Client, texts_of},
    house::{House, Running, channel},
    people::{ADA, People, Session},
    recorder::Recorder,
};

/// Longest wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until it holds.
#[track_caller]
pub fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}
