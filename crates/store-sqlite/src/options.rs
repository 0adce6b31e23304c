//! What can be set.

use std::time::Duration;

/// Sizes and bounds of the engine. The defaults suit a server of any size.
#[derive(Clone, Debug)]
pub struct Options {
    /// Most queries answered at the same time; more of them wait.
    pub readers_max: usize,
    /// Most timelines whose newest sequence numbers are kept in memory.
    pub timelines_max: usize,
    /// Pages of the file kept in memory for writing, in bytes; a reader gets an eighth.
    pub page_cache_bytes: usize,
    /// The write-ahead log is folded into the file when it reaches this size.
    pub checkpoint_bytes: usize,
    /// How long a write waits for another process that is writing.
    pub busy_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers_max: 4,
            timelines_max: 32_768,
            page_cache_bytes: 8 << 20,
            checkpoint_bytes: 16 << 20,
            busy_timeout: Duration::from_secs(5),
        }
    }
}

impl Options {
    /// Small bounds, so that a test reaches them.
    pub fn for_test() -> Self {
        Self {
            readers_max: 2,
            timelines_max: 4,
            page_cache_bytes: 1 << 20,
            checkpoint_bytes: 64 << 10,
            ..Self::default()
        }
    }
}
