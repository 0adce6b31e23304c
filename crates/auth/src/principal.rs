//! The answer to "who is asking and what may they do".

use std::{collections::BTreeMap, fmt, sync::Arc};

use loquat_protocol::{AppId, Capability, ClientId, ErrorCode, ErrorInfo, KeyName, Operation, Operations};
use serde_json::Value;

/// Which client ids a principal may act as (specification RSA7, RSA15).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ClientIdentity {
    /// Any, chosen per operation: an API key without a clientId, or a token for `*`.
    Any,
    /// None: a token without a clientId.
    Anonymous,
    /// This one and no other.
    Named(ClientId),
}

impl ClientIdentity {
    /// Whether an operation may be done in the name of `client_id`.
    pub fn admits(&self, client_id: &str) -> bool {
        match self {
            Self::Any => ClientId::parse(client_id).is_ok(),
            Self::Anonymous => false,
            Self::Named(own) => own.as_str() == client_id,
        }
    }

    /// The client id, when there is exactly one.
    pub fn name(&self) -> Option<&ClientId> {
        match self {
            Self::Named(own) => Some(own),
            Self::Any | Self::Anonymous => None,
        }
    }

    /// As CONNECTED and TokenDetails say it: `*` for any, absent for none.
    pub fn wire_text(&self) -> Option<&str> {
        match self {
            Self::Any => Some("*"),
            Self::Anonymous => None,
            Self::Named(own) => Some(own.as_str()),
        }
    }

    /// The identity after a request asked to act as `asked` (the clientId param or header).
    ///
    /// # Errors
    /// 40012 when `asked` is no client id, 40102 when this identity may not act as it.
    pub fn narrowed_to(&self, asked: Option<&str>) -> Result<Self, ErrorInfo> {
        let Some(asked) = asked else { return Ok(self.clone()) };
        if asked == "*" && *self == Self::Any {
            return Ok(Self::Any);
        }
        let client_id = ClientId::parse(asked)?;
        match self {
            Self::Any => Ok(Self::Named(client_id)),
            Self::Named(own) if *own == client_id => Ok(self.clone()),
            Self::Anonymous | Self::Named(_) => Err(ErrorInfo::new(
                ErrorCode::IncompatibleCredentials,
                format!(
                    "the token does not permit the clientId '{asked}'; ask for a token with that clientId"
                ),
            )),
        }
    }
}

/// Everything a principal is made of; see the accessors of [`Principal`].
#[derive(Clone, PartialEq)]
pub(crate) struct Parts {
    pub app: AppId,
    pub key_name: Option<KeyName>,
    pub key_id: [u8; 16],
    pub capability: Capability,
    pub client: ClientIdentity,
    pub issued_ms: u64,
    pub expires_ms: Option<u64>,
    pub token_id: Option<Box<str>>,
    pub revocation_key: Option<Box<str>>,
    pub user_claims: BTreeMap<String, Value>,
}

/// Who is asking and what they may do. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Principal(pub(crate) Arc<Parts>);

impl Principal {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The app in which it acts.
    pub fn app(&self) -> &AppId {
        &self.0.app
    }

    /// The API key that its rights come from.
    pub fn key_name(&self) -> Option<&KeyName> {
        self.0.key_name.as_ref()
    }

    /// What it may do.
    pub fn capability(&self) -> &Capability {
        &self.0.capability
    }

    /// Which client ids it may act as.
    pub fn client(&self) -> &ClientIdentity {
        &self.0.client
    }

    /// When its token was issued; for an API key, when it authenticated. Milliseconds since 1970.
    pub fn issued_ms(&self) -> u64 {
        self.0.issued_ms
    }

    /// When its token ends; `None` for an API key. Milliseconds since 1970.
    pub fn expires_ms(&self) -> Option<u64> {
        self.0.expires_ms
    }

    /// Whether it came with a token or JWT, not with an API key.
    pub fn is_token(&self) -> bool {
        self.0.token_id.is_some()
    }

    /// A name for its token that is safe to log, by which the token can be revoked.
    pub fn token_id(&self) -> Option<&str> {
        self.0.token_id.as_deref()
    }

    /// The JWT's `x-ably-revocation-key`: a group of tokens that are revoked together.
    pub fn revocation_key(&self) -> Option<&str> {
        self.0.revocation_key.as_deref()
    }

    /// The JWT's `ably.room.<room>` claims by room, as they stand in the JWT.
    pub fn user_claims(&self) -> &BTreeMap<String, Value> {
        &self.0.user_claims
    }

    /// The operations permitted on a channel.
    pub fn operations(&self, channel: &str) -> Operations {
        self.0.capability.operations(channel)
    }

    /// Whether an operation is permitted on a channel.
    pub fn permits(&self, channel: &str, operation: Operation) -> bool {
        self.0.capability.permits(channel, operation)
    }

    /// Refuses what is not permitted.
    ///
    /// # Errors
    /// 40160 that names the operation and the channel.
    pub fn require(&self, channel: &str, operation: Operation) -> Result<(), ErrorInfo> {
        if self.permits(channel, operation) {
            return Ok(());
        }
        let operation = operation.name();
        let text = format!("the capability does not permit '{operation}' on the channel '{channel}'");
        Err(ErrorInfo::new(ErrorCode::NotPermitted, text))
    }

    /// The same principal after a request asked to act as `asked`; see [`ClientIdentity::narrowed_to`].
    ///
    /// # Errors
    /// 40012 and 40102.
    pub fn acting_as(&self, asked: Option<&str>) -> Result<Self, ErrorInfo> {
        let client = self.0.client.narrowed_to(asked)?;
        if client == self.0.client {
            return Ok(self.clone());
        }
        Ok(Self::new(Parts { client, ..Parts::clone(&self.0) }))
    }

    /// The principal with which a connection goes on after an AUTH frame brought `new` (specification RTC8):
    /// the same app and the same client id. Credentials for any client go on as the connection's client.
    ///
    /// # Errors
    /// 40102 for another app or another client id.
    pub fn replaced_by(&self, new: &Self) -> Result<Self, ErrorInfo> {
        let refuse = |what: &str| {
            let text = format!(
                "the new credentials are for another {what} than the connection's; open a new connection"
            );
            Err(ErrorInfo::new(ErrorCode::IncompatibleCredentials, text))
        };
        if self.0.app != new.0.app {
            return refuse("app");
        }
        match (&self.0.client, &new.0.client) {
            (ClientIdentity::Named(own), ClientIdentity::Any) => new.acting_as(Some(own.as_str())),
            (old, new_client) if old == new_client => Ok(new.clone()),
            _ => refuse("clientId"),
        }
    }
}

/// Whether a connection of `old` may go on as `new`; see [`Principal::replaced_by`].
///
/// # Errors
/// 40102 for another app or another client id.
pub fn may_replace(old: &Principal, new: &Principal) -> Result<(), ErrorInfo> {
    old.replaced_by(new).map(drop)
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("app", &self.0.app)
            .field("key_name", &self.0.key_name)
            .field("client", &self.0.client)
            .field("token_id", &self.0.token_id)
            .field("expires_ms", &self.0.expires_ms)
            .finish_non_exhaustive()
    }
}
