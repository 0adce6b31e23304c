//! The rights of a connection: a principal, asked again as apps and keys change.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use loquat_auth::{Authenticator, ClientIdentity, Principal};
use loquat_core::{Identity, Rights};
use loquat_protocol::{AppId, ErrorCode, ErrorInfo, Operations, room::room_of};
use serde_json::Value;

/// A principal behind a connection.
pub struct ConnectionRights {
    principal: Principal,
    identity: Identity,
    authenticator: Arc<Authenticator>,
    /// The generation of apps and keys at which the principal was last found valid.
    checked: AtomicU64,
}

impl ConnectionRights {
    /// The rights of a principal that was authenticated just now.
    pub fn new(principal: Principal, authenticator: Arc<Authenticator>) -> Self {
        let identity = match principal.client() {
            ClientIdentity::Any if principal.is_token() => Identity::Wildcard,
            ClientIdentity::Any => Identity::Any,
            ClientIdentity::Anonymous => Identity::Anonymous,
            ClientIdentity::Named(client_id) => Identity::Named(client_id.clone()),
        };
        // One below the present generation, so that a change since the authentication is noticed.
        let checked = AtomicU64::new(authenticator.generation().wrapping_sub(1));
        Self { principal, identity, authenticator, checked }
    }

    /// The principal.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }
}

impl fmt::Debug for ConnectionRights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionRights").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl Rights for ConnectionRights {
    fn app(&self) -> &AppId {
        self.principal.app()
    }

    fn operations(&self, channel: &str) -> Operations {
        self.principal.operations(channel)
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn revoked(&self, now_ms: u64) -> Option<ErrorInfo> {
        if let Some(error) = self.principal.revoked() {
            return Some(error);
        }
        let generation = self.authenticator.generation();
        if self.checked.load(Ordering::Relaxed) == generation {
            return None;
        }
        match self.authenticator.check(&self.principal, now_ms) {
            // An expired token is the caller's business: its client is told to come back.
            Err(error) if error.code != 40142 => Some(error),
            _ => {
                self.checked.store(generation, Ordering::Relaxed);
                None
            }
        }
    }

    fn expires_ms(&self) -> Option<u64> {
        self.principal.expires_ms()
    }

    fn admit(&self, messages: usize, now_ms: u64) -> Result<(), ErrorInfo> {
        self.principal.admit(messages, now_ms)
    }

    fn admit_passing(&self, items: usize, now_ms: u64) -> Result<(), ErrorInfo> {
        self.principal.admit_passing(items, now_ms)
    }

    fn user_claim(&self, channel: &str) -> Option<&str> {
        let claims = self.principal.user_claims();
        if claims.is_empty() {
            return None;
        }
        claim_of(claims, room_of(channel)?)
    }
}

/// The claim about a room: its own, else that of the longest namespace (`prefix:*`) that holds the room, else that of `*`.
/// Only texts count: clients take nothing else.
fn claim_of<'a>(claims: &'a BTreeMap<String, Value>, room: &str) -> Option<&'a str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let namespaces = room.rmatch_indices(':').map(|(at, _)| format!("{}:*", &room[..at]));
    text(room).or_else(|| namespaces.chain(["*".to_owned()]).find_map(|name| text(&name)))
}

/// The principal that may take the place of a connection's: of the same app, and for the same client.
///
/// # Errors
/// 40102.
pub fn replacement(app: &AppId, identity: &Identity, new: Principal) -> Result<Principal, ErrorInfo> {
    let refuse = |why: &'static str| Err(ErrorInfo::new(ErrorCode::IncompatibleCredentials, why));
    if new.app() != app {
        return refuse("the new token belongs to another app than the connection");
    }
    if new.session().is_some() && identity.wire().as_deref() != new.client().wire_text() {
        // What was done on it so far was not the person's doing, and a key could resume it.
        return refuse("a person's token needs a connection that began with one of that person's");
    }
    match identity {
        Identity::Named(client_id) => match new.client() {
            ClientIdentity::Named(other) if other != client_id => {
                refuse("the new token is for another clientId than the connection's")
            }
            _ => new.acting_as(Some(client_id.as_str())),
        },
        Identity::Any | Identity::Wildcard | Identity::Anonymous => Ok(new),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_narrowest_claim_about_a_room_counts() {
        let claims: BTreeMap<String, Value> = serde_json::from_value(
            json!({"*": "all", "team:*": "team", "team:a": "a", "team:b": {"no": "text"}}),
        )
        .unwrap();
        for (room, expected) in
            [("team:a", "a"), ("team:b", "team"), ("team:c:d", "team"), ("team", "all"), ("elsewhere", "all")]
        {
            assert_eq!(claim_of(&claims, room), Some(expected), "{room}");
        }
        assert_eq!(claim_of(&BTreeMap::new(), "team:a"), None);
    }
}
