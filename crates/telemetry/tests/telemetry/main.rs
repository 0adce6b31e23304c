//! Tests of log lines, metrics and traces, one binary.

mod logging;
mod metrics;
mod redact;
#[cfg(feature = "otel")]
mod trace;
