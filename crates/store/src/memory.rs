//! The oracle: a store in memory.
