//! Who a connection is and what it may do; asked at each operation (SEC-1).

use std::fmt::Debug;

use hashbrown::HashSet;
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

/// Named clients whose change of rights is remembered; past it everybody is looked at (MEM-1).
const CHANGED_CLIENTS_MAX: usize = 1_024;

/// Whose rights have changed since they were last looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Changed {
    /// Nobody's.
    #[default]
    Nobody,
    /// Those of connections that act as one of these.
    Clients(HashSet<ClientId>),
    /// Perhaps everybody's.
    Everybody,
}

impl Changed {
    /// Adds a client; `None`: everybody.
    pub fn add(&mut self, client: Option<ClientId>) {
        match (&mut *self, client) {
            (Self::Nobody, Some(client)) => *self = Self::Clients(HashSet::from_iter([client])),
            (Self::Clients(clients), Some(client)) if clients.len() < CHANGED_CLIENTS_MAX => {
                clients.insert(client);
            }
            _ => *self = Self::Everybody,
        }
    }

    /// Whether a connection of this identity is among them.
    pub fn concerns(&self, identity: &Identity) -> bool {
        match self {
            Self::Nobody => false,
            Self::Clients(clients) => matches!(identity, Identity::Named(client) if clients.contains(client)),
            Self::Everybody => true,
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

    /// Counts messages that are about to be stored.
    ///
    /// # Errors
    /// 42910 for more than whoever it is may publish, over all their connections.
    fn admit(&self, _messages: usize, _now_ms: u64) -> Result<(), loquat_protocol::ErrorInfo> {
        Ok(())
    }

    /// Counts what is about to be told to who is there, and is no stored message: presence and ephemeral messages.
    ///
    /// # Errors
    /// 42910 for more than whoever it is may tell, over all their connections.
    fn admit_passing(&self, _items: usize, _now_ms: u64) -> Result<(), loquat_protocol::ErrorInfo> {
        Ok(())
    }

    /// What its token says about the user on a channel, for everybody who receives something from it. Most say nothing.
    fn user_claim(&self, _channel: &str) -> Option<&str> {
        None
    }
}
