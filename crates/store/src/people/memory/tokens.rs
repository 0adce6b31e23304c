//! API tokens in memory.

use super::{MemoryPeople, conflict};
use crate::{
    StoreError,
    people::{ApiToken, ApiTokens, Person, PersonId, SecretHash, TokenId},
};

impl ApiTokens for MemoryPeople {
    fn create_token(&self, token: &ApiToken) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        let is_taken =
            state.tokens.values().any(|other| other.id == token.id || other.secret_hash == token.secret_hash);
        if is_taken || state.account(&token.person).is_none() {
            return Err(conflict(format!("the token {} exists already, or is nobody's", token.id)));
        }
        state.tokens.insert(token.id.clone(), token.clone());
        Self::settle(&mut state);
        Ok(())
    }

    fn token_by_secret(&self, secret_hash: &SecretHash) -> Result<Option<(ApiToken, Person)>, StoreError> {
        let state = self.state.lock();
        let found = state.tokens.values().find(|token| token.secret_hash == *secret_hash);
        Ok(found.and_then(|token| Some((token.clone(), state.person(&token.person)?))))
    }

    fn tokens_of(&self, person: &PersonId) -> Result<Vec<ApiToken>, StoreError> {
        let state = self.state.lock();
        let mut tokens: Vec<ApiToken> =
            state.tokens.values().filter(|token| token.person == *person).cloned().collect();
        tokens.sort_by_key(|token| std::cmp::Reverse(token.created_ms));
        Ok(tokens)
    }

    fn revoke_token(&self, person: &PersonId, id: &TokenId) -> Result<bool, StoreError> {
        let mut state = self.state.lock();
        let is_theirs = state.tokens.get(id).is_some_and(|token| token.person == *person);
        if is_theirs {
            state.tokens.remove(id);
            state.next_rights_version();
        }
        Self::settle(&mut state);
        Ok(is_theirs)
    }

    fn touch_token(&self, id: &TokenId, used_ms: u64) -> Result<(), StoreError> {
        if let Some(token) = self.state.lock().tokens.get_mut(id) {
            token.used_ms = Some(used_ms);
        }
        Ok(())
    }
}
