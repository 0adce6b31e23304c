//! What a shard has done, for its caller's counters.

/// Counts since they were last taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Operations acknowledged.
    pub acks: u64,
    /// Codes of operations refused.
    pub refused: Vec<u32>,
    /// Message entries handed to subscribers, one per entry and connection.
    pub delivered: u64,
    /// Pieces of catching up that the ring had.
    pub caught_up_from_ring: u64,
    /// Pieces of catching up that had to be read from history.
    pub caught_up_from_history: u64,
}
