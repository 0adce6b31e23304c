//! Sessions in memory.

use super::{MemoryPeople, conflict};
use crate::{
    StoreError,
    people::{Person, PersonId, SecretHash, Session, SessionId, Sessions},
};

impl Sessions for MemoryPeople {
    fn create_session(&self, session: &Session) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        let is_taken = state
            .sessions
            .values()
            .any(|other| other.id == session.id || other.secret_hash == session.secret_hash);
        if is_taken || state.account(&session.person).is_none() {
            return Err(conflict(format!("the session {} exists already, or is nobody's", session.id)));
        }
        state.sessions.insert(session.id.clone(), session.clone());
        Self::settle(&mut state);
        Ok(())
    }

    fn session_by_secret(&self, secret_hash: &SecretHash) -> Result<Option<(Session, Person)>, StoreError> {
        let state = self.state.lock();
        let found = state.sessions.values().find(|session| session.secret_hash == *secret_hash);
        Ok(found.and_then(|session| Some((session.clone(), state.person(&session.person)?))))
    }

    fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        Ok(self.state.lock().sessions.get(id).cloned())
    }

    fn sessions_of(&self, person: &PersonId) -> Result<Vec<Session>, StoreError> {
        let state = self.state.lock();
        let mut sessions: Vec<Session> =
            state.sessions.values().filter(|session| session.person == *person).cloned().collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.seen_ms));
        Ok(sessions)
    }

    fn count_sessions(&self) -> Result<u64, StoreError> {
        Ok(self.state.lock().sessions.len() as u64)
    }

    fn touch_session(&self, id: &SessionId, seen_ms: u64, address: &str) -> Result<(), StoreError> {
        if let Some(session) = self.state.lock().sessions.get_mut(id) {
            session.seen_ms = seen_ms;
            session.address = address.to_owned();
        }
        Ok(())
    }

    fn extend_session(&self, id: &SessionId, expires_ms: u64) -> Result<bool, StoreError> {
        let mut state = self.state.lock();
        Self::settle(&mut state);
        Ok(state.sessions.get_mut(id).map(|session| session.expires_ms = expires_ms).is_some())
    }

    fn end_session(&self, id: &SessionId) -> Result<bool, StoreError> {
        let ended = self.end(|session| session.id == *id, usize::MAX);
        Ok(!ended.is_empty())
    }

    fn end_sessions(
        &self,
        person: &PersonId,
        except: Option<&SessionId>,
    ) -> Result<Vec<SessionId>, StoreError> {
        let is_ended = |session: &Session| session.person == *person && Some(&session.id) != except;
        let mut ended: Vec<SessionId> =
            self.end(is_ended, usize::MAX).into_iter().map(|(_, session)| session).collect();
        ended.sort();
        Ok(ended)
    }

    fn end_expired_sessions(
        &self,
        now_ms: u64,
        limit: usize,
    ) -> Result<Vec<(PersonId, SessionId)>, StoreError> {
        Ok(self.end(|session| session.expires_ms <= now_ms, limit))
    }
}

impl MemoryPeople {
    /// Ends sessions, those that would end first before others, then by id.
    fn end(&self, is_ended: impl Fn(&Session) -> bool, limit: usize) -> Vec<(PersonId, SessionId)> {
        let mut state = self.state.lock();
        let mut ended: Vec<Session> =
            state.sessions.values().filter(|session| is_ended(session)).cloned().collect();
        ended.sort_by_key(|session| session.expires_ms);
        ended.truncate(limit);
        ended.iter().for_each(|session| drop(state.sessions.remove(&session.id)));
        if !ended.is_empty() {
            state.next_rights_version();
        }
        Self::settle(&mut state);
        ended.into_iter().map(|session| (session.person, session.id)).collect()
    }
}
