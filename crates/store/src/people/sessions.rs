//! Who is signed in where.

use super::{Person, PersonId, SecretHash, SessionId};
use crate::StoreError;

/// A signed-in browser or app.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Its id, which may be shown.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// The SHA-256 of what the cookie holds.
    pub secret_hash: SecretHash,
    /// What it calls itself.
    pub label: String,
    /// Where it was seen last.
    pub address: String,
    /// When it began, milliseconds since 1970.
    pub created_ms: u64,
    /// When it was seen last, milliseconds since 1970.
    pub seen_ms: u64,
    /// When it ends by itself, milliseconds since 1970.
    pub expires_ms: u64,
}

/// Sessions. An expired one is there until it is ended: comparing `expires_ms` with the clock is the caller's.
pub trait Sessions: Send + Sync + 'static {
    /// Begins a session.
    ///
    /// # Errors
    /// `Conflict` when the id or the secret exists or the person does not. See [`StoreError`]; so below.
    fn create_session(&self, session: &Session) -> Result<(), StoreError>;

    /// The session of a secret, with its person.
    fn session_by_secret(&self, secret_hash: &SecretHash) -> Result<Option<(Session, Person)>, StoreError>;

    /// A session.
    fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// A person's sessions, newest seen first.
    fn sessions_of(&self, person: &PersonId) -> Result<Vec<Session>, StoreError>;

    /// How many sessions there are, expired ones that nobody has ended yet among them.
    fn count_sessions(&self) -> Result<u64, StoreError>;

    /// Notes where and when a session was seen. Need not be durable. Nothing happens when it has ended.
    fn touch_session(&self, id: &SessionId, seen_ms: u64, address: &str) -> Result<(), StoreError>;

    /// Moves the end of a session; `false` when it has ended.
    fn extend_session(&self, id: &SessionId, expires_ms: u64) -> Result<bool, StoreError>;

    /// Ends a session; `false` when it had ended.
    fn end_session(&self, id: &SessionId) -> Result<bool, StoreError>;

    /// Ends a person's sessions but one; the ended ones, in the order of their ids.
    fn end_sessions(
        &self,
        person: &PersonId,
        except: Option<&SessionId>,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Ends sessions that have expired (`expires_ms <= now_ms`), at most `limit`, the longest expired first.
    fn end_expired_sessions(
        &self,
        now_ms: u64,
        limit: usize,
    ) -> Result<Vec<(PersonId, SessionId)>, StoreError>;
}
