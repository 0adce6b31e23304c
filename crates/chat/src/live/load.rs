//! From the store into the table: when a person comes, and when another process has changed something.

use std::sync::Arc;

use loquat_protocol::{ErrorCode, ErrorInfo};
use loquat_store::{
    StoreError,
    people::{PersonId, RoomId, SessionId, TokenId},
};

use super::{Live, LivePerson, SessionStanding, revoked};
use crate::rights::Place;

impl Live {
    pub(super) fn load(
        &self,
        live: &Arc<LivePerson>,
        credential: &str,
    ) -> Result<Arc<SessionStanding>, ErrorInfo> {
        let unavailable = |error: StoreError| {
            tracing::error!(%error, "a person's rights cannot be read");
            ErrorInfo::from(ErrorCode::Unavailable)
        };
        let _gate = live.gate();
        if let Some(standing) = live.known(credential) {
            return Ok(standing);
        }
        let person = self.store.person(live.id()).map_err(unavailable)?;
        let person = person.filter(|person| person.deactivated_ms.is_none()).ok_or_else(revoked)?;
        if !self.is_valid(live.id(), credential).map_err(unavailable)? {
            return Err(revoked());
        }
        if !live.is_loaded() {
            live.load(self.places(&person.id).map_err(unavailable)?);
        }
        Ok(live.stand(credential))
    }

    /// Reads anew what the table holds of a person; whether their rights may differ from before.
    ///
    /// # Errors
    /// The store's; what was known stays in force.
    pub fn refresh(&self, person: &PersonId) -> Result<bool, StoreError> {
        let Some(live) = self.index.person(person) else { return Ok(false) };
        let _gate = live.gate();
        if !live.is_loaded() {
            return Ok(false);
        }
        let row = self.store.person(person)?;
        if row.is_none_or(|row| row.deactivated_ms.is_some()) {
            return Ok(live.revoke_within_gate(|_| true));
        }
        let sessions = self.store.sessions_of(person)?;
        let tokens = self.store.tokens_of(person)?;
        let now_ms = (self.clock)();
        let stands = |credential: &str| {
            sessions.iter().any(|session| session.id.as_str() == credential && session.expires_ms > now_ms)
                || tokens.iter().any(|token| token.id.as_str() == credential)
        };
        let has_ended = live.revoke_within_gate(|credential| !stands(credential));
        let has_moved = live.load(self.places(person)?);
        Ok(has_ended || has_moved)
    }

    fn places(&self, person: &PersonId) -> Result<Vec<(RoomId, Place)>, StoreError> {
        let rights = self.store.memberships_of(person)?.into_iter();
        Ok(rights
            .map(|rights| {
                let (role, kind, archived) = (Some(rights.role), rights.kind, rights.archived);
                (rights.room, Place { role, administrator: false, kind, archived })
            })
            .collect())
    }

    fn is_valid(&self, person: &PersonId, credential: &str) -> Result<bool, StoreError> {
        let now_ms = (self.clock)();
        if let Ok(id) = SessionId::parse(credential) {
            let session = self.store.session(&id)?;
            return Ok(
                session.is_some_and(|session| session.person == *person && session.expires_ms > now_ms)
            );
        }
        let Ok(id) = TokenId::parse(credential) else { return Ok(false) };
        let tokens = self.store.tokens_of(person)?;
        let is_open = |expires_ms: Option<u64>| expires_ms.is_none_or(|expires_ms| expires_ms > now_ms);
        Ok(tokens.iter().any(|token| token.id == id && is_open(token.expires_ms)))
    }
}
