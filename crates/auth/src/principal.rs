//! The answer to "who is asking and what may they do".

use std::{collections::BTreeMap, fmt, sync::Arc};

use loquat_protocol::{AppId, Capability, ChannelName, ErrorCode, ErrorInfo, KeyName, Operation, Operations};
use serde_json::Value;

use crate::{ClientIdentity, Standing};

/// Where a principal's rights come from.
#[derive(Clone)]
pub(crate) enum Grant {
    /// An API key or a token of one: fixed when it authenticated.
    Key(Capability),
    /// A person's session: asked at each operation.
    Person {
        /// Names the session.
        session: Box<str>,
        standing: Arc<dyn Standing>,
    },
}

impl PartialEq for Grant {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key(one), Self::Key(other)) => one == other,
            (Self::Person { session, .. }, Self::Person { session: other, .. }) => session == other,
            _ => false,
        }
    }
}

/// Everything a principal is made of; see the accessors of [`Principal`].
#[derive(Clone, PartialEq)]
pub(crate) struct Parts {
    pub app: AppId,
    pub key_name: Option<KeyName>,
    pub key_id: [u8; 16],
    pub grant: Grant,
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

    /// The same, ending no later than this.
    #[must_use]
    pub(crate) fn until(mut self, expires_ms: Option<u64>) -> Self {
        if let Some(expires_ms) = expires_ms {
            let parts = Arc::make_mut(&mut self.0);
            parts.expires_ms = Some(parts.expires_ms.map_or(expires_ms, |own| own.min(expires_ms)));
        }
        self
    }

    /// The app in which it acts.
    pub fn app(&self) -> &AppId {
        &self.0.app
    }

    /// The API key that its rights come from; `None` for a person.
    pub fn key_name(&self) -> Option<&KeyName> {
        self.0.key_name.as_ref()
    }

    /// What it may do; `None` for a person, whose rights are in no list: see [`Self::operations`].
    pub fn capability(&self) -> Option<&Capability> {
        match &self.0.grant {
            Grant::Key(capability) => Some(capability),
            Grant::Person { .. } => None,
        }
    }

    /// The session that a person's token names; `None` for API keys and their tokens.
    pub fn session(&self) -> Option<&str> {
        match &self.0.grant {
            Grant::Key(_) => None,
            Grant::Person { session, .. } => Some(session),
        }
    }

    /// Why a person's session permits nothing any more, if so. Of keys and tokens [`crate::Authenticator::check`] tells.
    pub fn revoked(&self) -> Option<ErrorInfo> {
        match &self.0.grant {
            Grant::Key(_) => None,
            Grant::Person { standing, .. } => standing.revoked(),
        }
    }

    /// Counts messages that are about to be published for good; see [`crate::Standing::admit`]. Keys and tokens have no
    /// pace of their own.
    ///
    /// # Errors
    /// 42910 for a person who publishes more than people write.
    pub fn admit(&self, messages: usize, now_ms: u64) -> Result<(), ErrorInfo> {
        match &self.0.grant {
            Grant::Key(_) => Ok(()),
            Grant::Person { standing, .. } => standing.admit(messages, now_ms),
        }
    }

    /// The same for what is not kept; see [`crate::Standing::admit_passing`].
    ///
    /// # Errors
    /// 42910 for a person who tells others more than people do.
    pub fn admit_passing(&self, items: usize, now_ms: u64) -> Result<(), ErrorInfo> {
        match &self.0.grant {
            Grant::Key(_) => Ok(()),
            Grant::Person { standing, .. } => standing.admit_passing(items, now_ms),
        }
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

    /// The operations permitted on a channel at this moment: the one place that decides. A key has what its capability
    /// says, but nothing on channels reserved to persons; a person has what their standing says, while it lasts.
    pub fn operations(&self, channel: &str) -> Operations {
        match &self.0.grant {
            Grant::Key(_) if ChannelName::is_reserved(channel) => Operations::NONE,
            Grant::Key(capability) => capability.operations(channel),
            Grant::Person { standing, .. } if standing.revoked().is_some() => Operations::NONE,
            Grant::Person { standing, .. } => standing.operations(channel),
        }
    }

    /// Whether an operation is permitted on a channel.
    pub fn permits(&self, channel: &str, operation: Operation) -> bool {
        self.operations(channel).contains(operation)
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
        let text = match &self.0.grant {
            Grant::Key(_) => {
                format!("the capability does not permit '{operation}' on the channel '{channel}'")
            }
            Grant::Person { .. } => format!("you may not '{operation}' on the channel '{channel}'"),
        };
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
            .field("session", &self.session())
            .field("token_id", &self.0.token_id)
            .field("expires_ms", &self.0.expires_ms)
            .finish_non_exhaustive()
    }
}
