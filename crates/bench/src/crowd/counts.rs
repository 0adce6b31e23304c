//! What a crowd has counted.

use crate::measure::histogram::Histogram;

/// What was counted since the last `clear`, except where it says otherwise.
#[derive(Debug, Default)]
pub struct Counts {
    /// Messages read by subscribers.
    pub deliveries: u64,
    /// Bytes of the frames that brought them.
    pub delivery_bytes: u64,
    /// From the scheduled publish to the read, in ns.
    pub delivery_ns: Histogram,
    /// Publishes acknowledged.
    pub acked: u64,
    /// From the send to the ACK, in ns.
    pub ack_ns: Histogram,
    /// Since the start: deliveries, for the window of a full-speed run.
    pub deliveries_ever: u64,
    /// Since the start: publishes sent and not yet answered.
    pub unanswered: u64,
    /// Since the start: publishes refused.
    pub nacked: u64,
    /// Since the start: ACKs that do not answer the oldest publishes in flight.
    pub stray_acks: u64,
    /// Since the start: connections that ended unasked.
    pub closed: u64,
    /// Since the start: clients that are ready.
    pub ready: usize,
    /// The first error that the server named.
    pub refusal: Option<String>,
}

impl Counts {
    /// Starts a new measuring interval.
    pub fn clear(&mut self) {
        self.deliveries = 0;
        self.delivery_bytes = 0;
        self.delivery_ns.clear();
        self.acked = 0;
        self.ack_ns.clear();
    }

    /// Remembers the first error.
    pub(super) fn refused(&mut self, why: impl FnOnce() -> String) {
        self.refusal.get_or_insert_with(why);
    }
}
