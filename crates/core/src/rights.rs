//! Who a connection is and what it may do; asked at each operation (SEC-1).

use std::fmt::Debug;

use loquat_protocol::{AppId, ClientId, Operations};

/// Which client ids a connection may use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Identity {
    /// Any; it is an API key.
    Any,
    /// Any; its token has the client id `*`.
    Wildcard,
    /// None; its token names nobody.
    Anonymous,
    /// This one only.
    Named(ClientId),
}

impl Identity {
    /// The client id that CONNECTED tells.
    pub fn wire(&self) -> Option<String> {
        match self {
            Self::Any | Self::Anonymous => None,
            Self::Wildcard => Some("*".to_owned()),
            Self::Named(client_id) => Some(client_id.as_str().to_owned()),
        }
    }
}

/// The rights behind a connection. An answer can change from one call to the next.
pub trait Rights: Send + Sync + Debug {
    /// The app that all its channels belong to.
    fn app(&self) -> &AppId;

    /// What is permitted on a channel at this moment.
    fn operations(&self, channel: &str) -> Operations;

    /// Which client ids may be used.
    fn identity(&self) -> &Identity;

    /// Why nothing is permitted any more (the key or token was revoked), if so.
    fn revoked(&self, now_ms: u64) -> Option<loquat_protocol::ErrorInfo>;

    /// When the rights end, milliseconds since 1970.
    fn expires_ms(&self) -> Option<u64>;

    /// What its token says about the user on a channel, for everybody who receives something from it. Most say nothing.
    fn user_claim(&self, _channel: &str) -> Option<&str> {
        None
    }
}
