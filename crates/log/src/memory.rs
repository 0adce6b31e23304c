//! The oracle: a log in memory.
