//! Who acts: proof that somebody has authenticated.

use std::net::IpAddr;

use loquat_protocol::ErrorCode;
use loquat_store::people::{PersonId, PersonRole, SessionId, TokenId};

use crate::ChatError;

/// What somebody authenticated with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Credential {
    /// The cookie of a signed-in browser or app.
    Session(SessionId),
    /// An API token.
    Token(TokenId),
}

impl Credential {
    /// The id of the session or token; ids of the two never meet.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Session(id) => id.as_str(),
            Self::Token(id) => id.as_str(),
        }
    }
}

/// A person who has authenticated for this one request. Made by [`crate::Chat::authenticate_session`] and
/// [`crate::Chat::authenticate_token`] alone; not to be kept for longer than the request, as roles change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    pub(crate) person: PersonId,
    pub(crate) role: PersonRole,
    pub(crate) credential: Credential,
}

impl Actor {
    /// Who.
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// What they are to the server.
    pub fn role(&self) -> PersonRole {
        self.role
    }

    /// By what.
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Whether they look after people, rooms and keys.
    pub fn is_administrator(&self) -> bool {
        self.role == PersonRole::Administrator
    }

    /// Refuses whoever is no administrator.
    ///
    /// # Errors
    /// `NotAdministrator`.
    pub fn require_administrator(&self) -> Result<(), ChatError> {
        if self.is_administrator() { Ok(()) } else { Err(ErrorCode::NotAdministrator.into()) }
    }

    /// Refuses scripts where only the person at the keyboard may decide: a token that leaked must not be able to
    /// take over the account, nor outlive itself.
    ///
    /// # Errors
    /// `SessionNeeded`.
    pub fn require_session(&self) -> Result<&SessionId, ChatError> {
        match &self.credential {
            Credential::Session(id) => Ok(id),
            Credential::Token(_) => Err(ErrorCode::SessionNeeded.into()),
        }
    }
}

/// Who knocks, before anybody knows who they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visitor {
    /// Where the request comes from.
    pub address: IpAddr,
    /// What their browser or program calls itself; any text.
    pub agent: String,
}
