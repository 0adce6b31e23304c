//! What every request handler sees.

use std::{net::SocketAddr, sync::Arc};

use loquat_auth::Authenticator;
use loquat_node::Node;
use loquat_telemetry::Metrics;

/// The gateway's shared state; cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    node: Arc<Node>,
    sandbox: bool,
}

impl State {
    /// The state over a node. `sandbox`: whether throw-away apps can be made without authentication.
    pub fn new(node: Arc<Node>, sandbox: bool) -> Self {
        Self(Arc::new(Inner { node, sandbox }))
    }

    /// The node.
    pub fn node(&self) -> &Arc<Node> {
        &self.0.node
    }

    /// Who is who.
    pub fn authenticator(&self) -> &Arc<Authenticator> {
        self.0.node.authenticator()
    }

    /// The counters.
    pub fn metrics(&self) -> &Arc<Metrics> {
        self.0.node.metrics()
    }

    /// Whether throw-away apps can be made without authentication.
    pub fn sandbox(&self) -> bool {
        self.0.sandbox
    }
}

/// Where a request came from and how, a trusted proxy's word taken; an extension of every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// The client's address.
    pub address: SocketAddr,
    /// The address that it reached.
    pub local: SocketAddr,
    /// Whether it came by TLS.
    pub tls: bool,
}
