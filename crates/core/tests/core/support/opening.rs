//! A connection as most tests open it.

use loquat_core::connection::Opening;
use loquat_protocol::{ConnectionId, Format};

use super::TestRights;

/// With every right, in JSON, by its id.
pub fn opening(id: &str) -> Opening {
    Opening {
        id: ConnectionId::from_trusted(id),
        key: String::new(),
        error: None,
        rights: TestRights::parse([].into_iter()),
        format: Format::Json,
        echo: true,
        heartbeats: false,
        idle_interval_ms: None,
        grace_ms: 15_000,
    }
}
