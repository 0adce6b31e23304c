//! Live numbers of a node, for the administrator's page.

use std::sync::Arc;

use loquat_api::{Numbers, NumbersSource};
use loquat_node::{Node, clock::wall_ms};

/// The numbers of a node that has started just now.
pub fn of(node: &Node) -> NumbersSource {
    let (metrics, started_ms) = (Arc::clone(node.metrics()), wall_ms());
    let gauge = |value: i64| u64::try_from(value).unwrap_or(0);
    Arc::new(move || Numbers {
        started_ms,
        connections: gauge(metrics.connections_open.get()),
        channels: gauge(metrics.channels_active.get()),
        messages_published_total: metrics.messages_published.get(),
        messages_delivered_total: metrics.messages_delivered.get(),
    })
}
