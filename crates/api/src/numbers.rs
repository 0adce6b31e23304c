//! Live numbers of the realtime layer, which this crate doesn't see.

use std::sync::Arc;

use parking_lot::Mutex;

/// Where they come from; asked with each request of the administrator's page. Answers at once.
pub type NumbersSource = Arc<dyn Fn() -> Numbers + Send + Sync>;

/// What goes on at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Numbers {
    /// When the server started, milliseconds since 1970.
    pub started_ms: u64,
    /// Open realtime connections.
    pub connections: u64,
    /// Channels that somebody is attached to.
    pub channels: u64,
    /// Messages that were published since the start.
    pub messages_published_total: u64,
    /// Messages that were delivered to connections since the start.
    pub messages_delivered_total: u64,
}

/// Turns a total into a rate: between two askings at least a second apart, whoever asked.
#[derive(Default)]
pub struct Rate(Mutex<Option<Reading>>);

#[derive(Clone, Copy)]
struct Reading {
    at_ms: u64,
    total: u64,
    per_second: f64,
}

/// Shortest time over which a rate says something.
const SPAN_MS_MIN: u64 = 1_000;

impl Rate {
    /// The rate as of now; since `started_ms` when nobody asked before.
    pub fn per_second(&self, total: u64, started_ms: u64, now_ms: u64) -> f64 {
        let mut last = self.0.lock();
        let before = last.unwrap_or(Reading { at_ms: started_ms, total: 0, per_second: 0.0 });
        // A clock that was set back begins anew.
        let span_ms = now_ms.checked_sub(before.at_ms);
        let per_second = match span_ms {
            Some(span_ms) if span_ms < SPAN_MS_MIN => return before.per_second,
            Some(span_ms) => total.saturating_sub(before.total) as f64 * 1_000.0 / span_ms as f64,
            None => before.per_second,
        };
        *last = Some(Reading { at_ms: now_ms, total, per_second });
        per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_what_came_since_the_last_asking() {
        let rate = Rate::default();
        assert_eq!(rate.per_second(100, 0, 10_000), 10.0);
        assert_eq!(rate.per_second(150, 0, 10_500), 10.0);
        assert_eq!(rate.per_second(300, 0, 12_000), 100.0);
        assert_eq!(rate.per_second(300, 0, 5_000), 100.0);
        assert_eq!(rate.per_second(300, 0, 6_000), 0.0);
    }
}
