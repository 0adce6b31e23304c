//! Which client ids somebody may act as.

use loquat_protocol::{ClientId, ErrorCode, ErrorInfo};

/// Which client ids a principal may act as (specification RSA7, RSA15).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ClientIdentity {
    /// Any but those reserved to persons, chosen per operation: an API key without a clientId, or a token for `*`.
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
            Self::Any => ClientId::parse_unreserved(client_id).is_ok(),
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
    /// 40012 when `asked` is no client id or one reserved to a person, 40102 when this identity may not act as it.
    pub fn narrowed_to(&self, asked: Option<&str>) -> Result<Self, ErrorInfo> {
        let Some(asked) = asked else { return Ok(self.clone()) };
        if asked == "*" && *self == Self::Any {
            return Ok(Self::Any);
        }
        let client_id = ClientId::parse(asked)?;
        match self {
            Self::Any => ClientId::parse_unreserved(asked).map(Self::Named),
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
