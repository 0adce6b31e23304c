//! Traces for an OpenTelemetry collector.

use crate::Ratio;

section! { "Telemetry", "telemetry.",
/// Traces. Metrics and log lines are set at the top of the file.
Telemetry {
    /// Where OpenTelemetry spans go: the base address of a collector that takes OTLP over plain HTTP,
    /// such as `http://127.0.0.1:4318`. Off unless given.
    otlp_endpoint: Option<String>;
    /// Share of publishes that are traced from socket to acknowledgement.
    trace_ratio: Ratio = "0.01";
}}
