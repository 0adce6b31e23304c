//! Time, always an input.

/// An instant as the caller's two clocks show it, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Now {
    /// Monotonic, from an arbitrary start: for timers.
    pub mono_ms: u64,
    /// Since 1970: for what people and logs see.
    pub wall_ms: u64,
}
