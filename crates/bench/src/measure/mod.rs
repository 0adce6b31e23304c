//! What is counted and how: latency histograms, delivery tallies, `/proc` readings, medians.

pub mod clock;
pub mod histogram;
pub mod process;
pub mod stopwatch;
pub mod tally;
