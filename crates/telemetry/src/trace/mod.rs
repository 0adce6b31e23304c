//! Traces of publishes, from the socket to the acknowledgement.
//!
//! A publish crosses threads (shard, log writer, shard), so that it carries its trace with it rather than
//! relying on a thread's current span. Most publishes carry none: whether one is traced costs an atomic
//! addition where traces are on and a check for `None` where they are off.

#[cfg(feature = "otel")]
mod otlp;
#[cfg(feature = "otel")]
mod post;
#[cfg(feature = "otel")]
mod sample;

/// The moments of a publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Decoded, validated and authorised; on its way to the log.
    Submitted,
    /// In the log for good.
    Durable,
    /// The acknowledgement was written to the socket. Ends the trace.
    Acknowledged,
}

/// Where traces go and how many there are.
#[derive(Clone, Debug)]
pub struct TraceOptions {
    /// Base address of the collector, `http://host:port`; spans are posted to `/v1/traces` below it.
    pub endpoint: String,
    /// Share of publishes that are traced, 0 to 1.
    pub ratio: f64,
    /// The build's version.
    pub version: String,
}

/// Why traces could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The endpoint is no address of the form `http://host:port`.
    #[error("{0:?} is not an address of the form http://host:port")]
    Endpoint(String),
    /// The exporter could not be built.
    #[error("the trace exporter could not be built: {0}")]
    Exporter(String),
    /// The program was built without traces.
    #[error("this build has no OpenTelemetry traces")]
    NotBuilt,
}

#[cfg(feature = "otel")]
pub use otlp::{PublishTrace, PublishTraces};

#[cfg(not(feature = "otel"))]
mod absent;
#[cfg(not(feature = "otel"))]
pub use absent::{PublishTrace, PublishTraces};
