//! Tests of the core: transcripts of what clients see, and laws over random histories.

mod attach;
mod connection;
mod laws;
mod presence;
mod publish;
mod recheck;
mod refuse;
mod reserved;
mod resume;
mod rewind;
mod support;
