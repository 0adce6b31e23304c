//! What a shard's core has done, into the node's counters: once per turn.

use loquat_core::tally::Tally;
use loquat_telemetry::{CatchUp, Metrics, RateLimit};

/// Adds a turn's counts.
pub(super) fn count(metrics: &Metrics, tally: Tally) {
    let Tally { acks, refused, delivered, caught_up_from_ring, caught_up_from_history } = tally;
    if acks > 0 {
        metrics.acks.inc_by(acks);
    }
    if delivered > 0 {
        metrics.messages_delivered.inc_by(delivered);
    }
    if caught_up_from_ring + caught_up_from_history > 0 {
        metrics.catch_ups.of(CatchUp::Ring).inc_by(caught_up_from_ring);
        metrics.catch_ups.of(CatchUp::History).inc_by(caught_up_from_history);
    }
    for code in refused {
        metrics.nack(code);
        let limit = match code {
            42911 => RateLimit::Publish,
            91003 => RateLimit::Members,
            _ => continue,
        };
        metrics.rate_limited.of(limit).inc();
    }
}
