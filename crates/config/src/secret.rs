//! A value that is never printed.

use std::fmt;

/// What a secret looks like wherever it would be printed.
pub(crate) const DOTS: &str = "••••••••";

/// A secret string: `Debug` and `Display` print dots, so that it can't slip into a log or an error.
/// [`Secret::reveal`] is the only way out and easy to search for.
#[derive(Clone, PartialEq, Eq, PartialOrd)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself; for use, not for printing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}
