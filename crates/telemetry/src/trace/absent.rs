//! The same calls in a build without traces.

use super::{Stage, TraceError, TraceOptions};

/// Traces of publishes: off.
#[derive(Clone, Debug, Default)]
pub struct PublishTraces;

/// The trace of one publish; never made in this build.
#[derive(Debug)]
pub struct PublishTrace(std::convert::Infallible);

impl PublishTraces {
    /// No traces.
    pub fn off() -> Self {
        Self
    }

    /// # Errors
    /// Always [`TraceError::NotBuilt`].
    pub fn start(_options: &TraceOptions) -> Result<Self, TraceError> {
        Err(TraceError::NotBuilt)
    }

    /// Never.
    pub fn is_on(&self) -> bool {
        false
    }

    /// Never traced.
    pub fn begin(&self, _connection: &str, _channel: &str) -> Option<Box<PublishTrace>> {
        None
    }

    /// Nothing to send.
    pub fn flush(&self) {}
}

impl PublishTrace {
    /// Marks a moment.
    pub fn reached(&mut self, _stage: Stage) {}

    /// Ends the trace with a refusal.
    pub fn refused(self, _code: u32) {}
}
