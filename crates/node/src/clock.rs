//! The one place of the node that reads clocks.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use loquat_core::Now;

/// The node's clocks.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// A clock whose monotonic time starts now, at one second: 0 stays "never".
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// The time.
    pub fn now(&self) -> Now {
        Now { mono_ms: 1_000 + self.start.elapsed().as_millis() as u64, wall_ms: wall_ms() }
    }
}

/// Milliseconds since 1970.
pub fn wall_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
