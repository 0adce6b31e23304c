//! Secrets with which scripts act as a person.

use super::{Person, PersonId, SecretHash, TokenId};
use crate::StoreError;

/// An API token of a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiToken {
    /// Its id, which may be shown.
    pub id: TokenId,
    /// Whose.
    pub person: PersonId,
    /// The SHA-256 of the token.
    pub secret_hash: SecretHash,
    /// What it is for, in the person's words.
    pub name: String,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
    /// When it ends by itself, milliseconds since 1970.
    pub expires_ms: Option<u64>,
    /// When it was used last, milliseconds since 1970.
    pub used_ms: Option<u64>,
}

/// API tokens. An expired one is there until it is revoked: comparing `expires_ms` with the clock is the caller's.
pub trait ApiTokens: Send + Sync + 'static {
    /// Adds a token.
    ///
    /// # Errors
    /// `Conflict` when the id or the secret exists or the person does not. See [`StoreError`]; so below.
    fn create_token(&self, token: &ApiToken) -> Result<(), StoreError>;

    /// The token of a secret, with its person.
    fn token_by_secret(&self, secret_hash: &SecretHash) -> Result<Option<(ApiToken, Person)>, StoreError>;

    /// A person's tokens, newest first.
    fn tokens_of(&self, person: &PersonId) -> Result<Vec<ApiToken>, StoreError>;

    /// Removes a token of a person; `false` when they have no such token.
    fn revoke_token(&self, person: &PersonId, id: &TokenId) -> Result<bool, StoreError>;

    /// Notes when a token was used. Need not be durable. Nothing happens when it was revoked.
    fn touch_token(&self, id: &TokenId, used_ms: u64) -> Result<(), StoreError>;
}
