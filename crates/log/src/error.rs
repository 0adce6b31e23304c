//! What can go wrong with a log.

use std::{borrow::Cow, fmt};

/// Kinds of log errors; what a caller decides by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogErrorKind {
    /// The storage is full; nothing of the batch was stored. Later, with the same key.
    Full,
    /// The append queue or the idempotency window is at its bound; nothing was stored. Later, with the same key.
    Overloaded,
    /// The engine cannot be reached or has no quorum; nothing was stored. Later, with the same key.
    Unavailable,
    /// It is not known whether the batch was stored. Again with the same key, which is safe.
    Unknown,
    /// The entry is larger than the engine takes.
    TooLarge,
    /// The entries asked for are gone.
    Truncated,
    /// The data is damaged; a person must decide.
    Damaged,
    /// The log was closed.
    Closed,
}

impl LogErrorKind {
    /// Whether the same call can succeed later.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Full | Self::Overloaded | Self::Unavailable | Self::Unknown)
    }
}

/// A log error: a kind to decide by and words for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogError {
    /// What to decide by.
    pub kind: LogErrorKind,
    /// What happened, with the values that matter.
    pub message: Cow<'static, str>,
}

impl LogError {
    /// An error of a kind.
    pub fn new(kind: LogErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LogError {}
