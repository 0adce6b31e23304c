//! Everybody may do everything: rights are the transcripts' subject, not the simulator's.

use loquat_core::{Identity, Rights};
use loquat_protocol::{AppId, ClientId, ErrorInfo, Operations};

/// The rights of a simulated client.
#[derive(Debug)]
pub struct Everything {
    app: AppId,
    identity: Identity,
}

impl Everything {
    /// For the client with this id.
    pub fn of(client_id: &str) -> Self {
        let identity = Identity::Named(ClientId::from_trusted(client_id));
        Self { app: AppId::from_trusted("app"), identity }
    }
}

impl Rights for Everything {
    fn app(&self) -> &AppId {
        &self.app
    }

    fn operations(&self, _channel: &str) -> Operations {
        Operations::ALL
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn revoked(&self, _now_ms: u64) -> Option<ErrorInfo> {
        None
    }

    fn expires_ms(&self) -> Option<u64> {
        None
    }
}
