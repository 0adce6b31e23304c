//! What a node tells its operator: log lines, metrics, traces.
//!
//! * [`logging::init`] sets up log lines. Fields that everybody uses keep one name everywhere:
//!   `connection`, `channel`, `app`, `partition`, `serial`, `error`. Secrets are never fields; a request's
//!   address goes through [`redact::query`] first.
//! * [`Metrics`] is the catalogue of everything that is counted, each with its unit and its label values
//!   fixed at compile time, so that counting on the hot path is one atomic addition.
//! * [`PublishTraces`] follows a share of the publishes from the socket to the acknowledgement.

pub mod logging;
mod metrics;
pub mod redact;
mod trace;

pub use metrics::{
    ApiRoute, CatchUp, ChatLimit, ChatMetrics, CloseReason, Labelled, Law, Metrics, RateLimit, RefusedReason,
    SignIn, WordLabel,
};
pub use trace::{PublishTrace, PublishTraces, Stage, TraceError, TraceOptions};
