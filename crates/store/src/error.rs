//! What can go wrong with a store.

use std::{borrow::Cow, fmt};

/// Kinds of store errors; what a caller decides by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StoreErrorKind {
    /// The storage is full. Later.
    Full,
    /// The engine cannot be reached or is busy. Later.
    Unavailable,
    /// Something of that identity exists already.
    Conflict,
    /// The batch does not continue where the cursor stands; the caller is wrong about the past.
    OutOfOrder,
    /// The data is damaged or the disk failed to keep it; a person must decide.
    Damaged,
    /// The data was written by a later release than this one, which leaves it alone.
    Newer,
}

/// A store error: a kind to decide by and words for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreError {
    /// What to decide by.
    pub kind: StoreErrorKind,
    /// What happened, with the values that matter.
    pub message: Cow<'static, str>,
}

impl StoreError {
    /// An error of a kind.
    pub fn new(kind: StoreErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}
