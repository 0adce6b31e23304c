//! API tokens, with which scripts act as a person, and the tokens of the realtime layer.

use loquat_auth::TokenDetails;
use loquat_protocol::{ErrorCode, ErrorInfo};
use loquat_store::people::{ApiToken, TokenId};

use crate::{
    Actor, Chat, ChatError, Credential,
    secret::{TOKEN_PREFIX, hash_of, id_bits, new_secret},
    sessions::SEEN_EVERY_MS,
    text,
    views::{CreatedTokenView, TokenView},
};

/// Most API tokens of one person.
const TOKENS_MAX: usize = 100;
/// Life of a realtime token, in milliseconds.
const REALTIME_TTL_MS: u64 = 60 * 60 * 1_000;
/// How long somebody with a new realtime token is expected to connect, in milliseconds: until then their rights are
/// kept in memory.
const EXPECTED_MS: u64 = 30_000;
/// Most people who are expected.
const EXPECTED_MAX: usize = 1_024;

impl Chat {
    /// Who has this API token, `lqt_…`.
    ///
    /// # Errors
    /// `SessionMissing` when there is none, it has ended, or the account is deactivated.
    pub fn authenticate_token(&self, secret: &str) -> Result<Actor, ChatError> {
        let found = match hash_of(secret, TOKEN_PREFIX) {
            Some(hash) => self.store.token_by_secret(&hash)?,
            None => None,
        };
        let now_ms = self.now_ms();
        let in_order = found.filter(|(token, person)| {
            token.expires_ms.is_none_or(|expires_ms| expires_ms > now_ms) && person.deactivated_ms.is_none()
        });
        let (token, person) = in_order.ok_or_else(|| {
            ChatError::new(ErrorCode::SessionMissing, "the API token is not valid or has ended")
        })?;
        if token.used_ms.is_none_or(|used_ms| now_ms.abs_diff(used_ms) >= SEEN_EVERY_MS) {
            self.store.touch_token(&token.id, now_ms)?;
        }
        Ok(Actor { person: person.id, role: person.role, credential: Credential::Token(token.id) })
    }

    /// The actor's API tokens, newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn tokens(&self, actor: &Actor) -> Result<Vec<TokenView>, ChatError> {
        Ok(self.store.tokens_of(&actor.person)?.into_iter().map(Into::into).collect())
    }

    /// Makes an API token for the actor.
    ///
    /// # Errors
    /// `SessionNeeded`: a token makes no tokens. `NameRefused`; `InvalidParameter` for an end that is past;
    /// `LimitReached`.
    pub fn create_token(
        &self,
        actor: &Actor,
        name: &str,
        expires_ms: Option<u64>,
    ) -> Result<CreatedTokenView, ChatError> {
        actor.require_session()?;
        let name = text::name("name", name)?;
        let now_ms = self.now_ms();
        if expires_ms.is_some_and(|expires_ms| expires_ms <= now_ms) {
            let why = "the token would have ended already";
            return Err(ChatError::field(ErrorCode::InvalidParameter, "expires_ms", why));
        }
        let (secret, secret_hash) = new_secret(&*self.entropy, TOKEN_PREFIX)?;
        let id = TokenId::from_bits(id_bits(&*self.entropy)?);
        let person = actor.person.clone();
        let token = ApiToken { id, person, secret_hash, name, created_ms: now_ms, expires_ms, used_ms: None };
        let mut turn = self.turn_of(actor)?;
        if turn.step(|store| store.tokens_of(&actor.person))?.len() >= TOKENS_MAX {
            let detail = format!("there are {TOKENS_MAX} API tokens already: revoke one first");
            return Err(ChatError::new(ErrorCode::LimitReached, detail));
        }
        turn.step(|store| store.create_token(&token))?;
        Ok(CreatedTokenView { token: token.into(), secret })
    }

    /// Revokes one of the actor's API tokens, and what is connected by it, at once.
    ///
    /// # Errors
    /// `NotFound` when it isn't theirs or was revoked; `SessionNeeded`; those of [`Self::confirm`].
    pub fn revoke_token(&self, actor: &Actor, token: &TokenId) -> Result<(), ChatError> {
        actor.require_session()?;
        let mut turn = self.turn_of(actor)?;
        if !turn.step(|store| store.revoke_token(&actor.person, token))? {
            return Err(ChatError::not_found());
        }
        self.live.revoke(&actor.person, |credential| credential == token.as_str());
        self.ports.rights_changed(&actor.person);
        Ok(())
    }

    /// A token for the realtime layer, which names the actor and what they authenticated with, nothing more.
    ///
    /// # Errors
    /// `SessionMissing` when it has ended this moment; those of the issuer.
    pub fn realtime_token(&self, actor: &Actor) -> Result<TokenDetails, ChatError> {
        let ended = |error: ErrorInfo| {
            let has_ended = error.code == ErrorCode::TokenRevoked.code();
            if has_ended { ErrorCode::SessionMissing } else { ErrorCode::Unavailable }
        };
        // Read here, where it may block, so that the connection finds the answer in memory.
        let standing = self.live.stand(&actor.person, actor.credential.as_str()).map_err(ended)?;
        let now_ms = self.now_ms();
        let left_ms =
            self.expires_ms(actor)?.map_or(u64::MAX, |expires_ms| expires_ms.saturating_sub(now_ms));
        let mut expected = self.expected.lock();
        if expected.len() >= EXPECTED_MAX {
            expected.pop_front();
        }
        expected.push_back((now_ms.saturating_add(EXPECTED_MS), standing));
        drop(expected);
        let details = self.ports.realtime_token(
            &actor.person,
            actor.credential.as_str(),
            now_ms,
            left_ms.min(REALTIME_TTL_MS),
        );
        details.map_err(|error| {
            tracing::error!(%error, "no realtime token could be issued");
            ErrorCode::Internal.into()
        })
    }

    /// When what the actor authenticated with ends by itself.
    fn expires_ms(&self, actor: &Actor) -> Result<Option<u64>, ChatError> {
        Ok(match &actor.credential {
            Credential::Session(id) => self.store.session(id)?.map(|session| session.expires_ms),
            Credential::Token(id) => {
                let tokens = self.store.tokens_of(&actor.person)?;
                tokens.into_iter().find(|token| token.id == *id).and_then(|token| token.expires_ms)
            }
        })
    }

    /// Lets go of people who did not connect. A clock that was set back expects them for longer, up to the bound.
    pub(crate) fn forget_expected(&self) {
        let now_ms = self.now_ms();
        self.expected.lock().retain(|(until_ms, _)| *until_ms > now_ms);
    }
}
