//! Sessions: a browser or app in which somebody is signed in.

use loquat_protocol::ErrorCode;
use loquat_store::people::{Person, PersonId, PersonRole, RoomId, Session, SessionId};

use crate::{
    Actor, Chat, ChatError, Credential, SignedIn, Visitor,
    events::Event,
    secret::{hash_of, id_bits, new_secret},
    text,
    turn::Turn,
    views::SessionView,
};

/// Most sessions of one person; beyond them the one that was longest not seen ends.
const SESSIONS_MAX: usize = 100;
/// How exactly "seen last" is kept, in milliseconds.
pub(crate) const SEEN_EVERY_MS: u64 = 60_000;
/// What part of its life may pass before a session's end is moved: one in so many.
const EXTEND_PART: u64 = 16;

/// A request's session was found to be in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authenticated {
    /// Who asks.
    pub actor: Actor,
    /// When the session ends unless it is used, if that has just moved: the cookie is to be set again. Milliseconds
    /// since 1970.
    pub renewed_ms: Option<u64>,
}

impl Chat {
    /// Who has this session, by the secret in the cookie. Notes where and when it was seen, and moves its end.
    ///
    /// # Errors
    /// `SessionMissing` when there is none, it has ended, or the account is deactivated.
    pub fn authenticate_session(&self, secret: &str, visitor: &Visitor) -> Result<Authenticated, ChatError> {
        let found = match hash_of(secret, "") {
            Some(hash) => self.store.session_by_secret(&hash)?,
            None => None,
        };
        let now_ms = self.now_ms();
        let in_order =
            found.filter(|(session, person)| session.expires_ms > now_ms && person.deactivated_ms.is_none());
        let (session, person) = in_order.ok_or(ErrorCode::SessionMissing)?;
        let address = visitor.address.to_string();
        if now_ms.abs_diff(session.seen_ms) >= SEEN_EVERY_MS || session.address != address {
            self.store.touch_session(&session.id, now_ms, &address)?;
        }
        let renewed_ms = self.extend(&session, now_ms)?;
        let actor =
            Actor { person: person.id, role: person.role, credential: Credential::Session(session.id) };
        Ok(Authenticated { actor, renewed_ms })
    }

    fn extend(&self, session: &Session, now_ms: u64) -> Result<Option<u64>, ChatError> {
        let ttl_ms = self.options.session_ttl_ms;
        let expires_ms = now_ms.saturating_add(ttl_ms);
        if expires_ms.saturating_sub(session.expires_ms) < (ttl_ms / EXTEND_PART).max(1) {
            return Ok(None);
        }
        Ok(self.store.extend_session(&session.id, expires_ms)?.then_some(expires_ms))
    }

    /// Whether somebody still is who they were when they were authenticated.
    ///
    /// # Errors
    /// `SessionMissing` when what they authenticated with has ended or the account is deactivated; `NotAdministrator` for
    /// who was one.
    pub fn confirm(&self, actor: &Actor) -> Result<(), ChatError> {
        let person = self.store.person(&actor.person)?.filter(|person| person.deactivated_ms.is_none());
        let person = person.ok_or(ErrorCode::SessionMissing)?;
        let stands = match &actor.credential {
            Credential::Session(id) => self.store.session(id)?.is_some(),
            Credential::Token(id) => self.store.tokens_of(&actor.person)?.iter().any(|token| token.id == *id),
        };
        if !stands {
            return Err(ErrorCode::SessionMissing.into());
        }
        if actor.is_administrator() && person.role != PersonRole::Administrator {
            return Err(ErrorCode::NotAdministrator.into());
        }
        Ok(())
    }

    /// The actor's sessions, newest seen first.
    ///
    /// # Errors
    /// The store's.
    pub fn sessions(&self, actor: &Actor) -> Result<Vec<SessionView>, ChatError> {
        let now_ms = self.now_ms();
        let sessions = self.store.sessions_of(&actor.person)?.into_iter();
        let open = sessions.filter(|session| session.expires_ms > now_ms);
        Ok(open
            .map(|session| {
                let current = actor.credential.as_str() == session.id.as_str();
                SessionView::new(session, current)
            })
            .collect())
    }

    /// Ends one of the actor's sessions, and what is connected by it, at once.
    ///
    /// # Errors
    /// `NotFound` when it isn't theirs or has ended; `SessionNeeded`; those of [`Self::confirm`].
    pub fn end_session(&self, actor: &Actor, session: &SessionId) -> Result<(), ChatError> {
        actor.require_session()?;
        let mut turn = self.turn_of(actor)?;
        let found = turn.step(|store| store.session(session))?;
        if found.is_none_or(|found| found.person != actor.person) {
            return Err(ChatError::not_found());
        }
        turn.step(|store| store.end_session(session))?;
        self.sessions_ended(&actor.person, std::slice::from_ref(session));
        Ok(())
    }

    /// Ends all of the actor's sessions but the one that asks.
    ///
    /// # Errors
    /// `SessionNeeded`; those of [`Self::confirm`].
    pub fn end_other_sessions(&self, actor: &Actor) -> Result<(), ChatError> {
        let current = actor.require_session()?;
        self.end_sessions_of(&mut self.turn_of(actor)?, &actor.person, Some(current))
    }

    /// Ends the session that asks. Nothing for an API token, which has none.
    ///
    /// # Errors
    /// The store's.
    pub fn sign_out(&self, actor: &Actor) -> Result<(), ChatError> {
        match &actor.credential {
            Credential::Session(session) => self.end_session(actor, session),
            Credential::Token(_) => Ok(()),
        }
    }

    /// Signs somebody in who has proved to be that person. The caller has the turn, so that nothing of the proof can
    /// have changed.
    pub(crate) fn begin_session(
        &self,
        turn: &mut Turn<'_>,
        visitor: &Visitor,
        person: &Person,
        room: Option<RoomId>,
    ) -> Result<SignedIn, ChatError> {
        let now_ms = self.now_ms();
        let (secret, secret_hash) = new_secret(&*self.entropy, "")?;
        let expires_ms = now_ms.saturating_add(self.options.session_ttl_ms);
        let session = Session {
            id: SessionId::from_bits(id_bits(&*self.entropy)?),
            person: person.id.clone(),
            secret_hash,
            label: text::label(&visitor.agent),
            address: visitor.address.to_string(),
            created_ms: now_ms,
            seen_ms: now_ms,
            expires_ms,
        };
        let others = turn.step(|store| store.sessions_of(&person.id))?;
        for oldest in others.iter().skip(SESSIONS_MAX - 1) {
            turn.step(|store| store.end_session(&oldest.id))?;
            self.sessions_ended(&person.id, std::slice::from_ref(&oldest.id));
        }
        turn.step(|store| store.create_session(&session))?;
        Ok(SignedIn { account: person.into(), secret, expires_ms, room })
    }

    /// Ends a person's sessions but one.
    pub(crate) fn end_sessions_of(
        &self,
        turn: &mut Turn<'_>,
        person: &PersonId,
        except: Option<&SessionId>,
    ) -> Result<(), ChatError> {
        let ended = turn.step(|store| store.end_sessions(person, except))?;
        self.sessions_ended(person, &ended);
        Ok(())
    }

    /// Takes effect on open connections: what ran by these sessions is cut off, and the others hear of it.
    pub(crate) fn sessions_ended(&self, person: &PersonId, ended: &[SessionId]) {
        if ended.is_empty() || !self.live.is_online(person) {
            return;
        }
        for session in ended {
            self.tell([person], &Event::SessionEnded { session: session.clone() });
        }
        self.live.revoke(person, |credential| ended.iter().any(|session| session.as_str() == credential));
        self.ports.rights_changed(person);
    }
}
