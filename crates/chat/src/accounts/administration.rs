//! What administrators do about people.

use loquat_store::people::{InvitationsTo, Person, PersonChange, PersonId, PersonRole};

use crate::{
    Actor, Chat, ChatError,
    secret::new_secret,
    turn::Turn,
    views::{ManagedAccountView, RecoveryView},
};

/// How long a reset code can be used, in milliseconds.
const RESET_TTL_MS: u64 = 24 * 60 * 60 * 1_000;
/// Most requests for help that are shown.
const RECOVERIES_MAX: usize = 200;

/// What to change about somebody's account; `None` leaves it as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AccountChange {
    /// Another role.
    pub role: Option<PersonRole>,
    /// Out of use, or in use again.
    pub deactivated: Option<bool>,
}

/// A code with which a person sets a new password.
#[derive(Clone, PartialEq, Eq)]
pub struct ResetCode {
    /// The code, which is shown this once.
    pub code: String,
    /// When it ends, milliseconds since 1970.
    pub expires_ms: u64,
}

/// Which links end with what somebody is now: whoever may no longer invite leaves no way back in behind.
pub(crate) fn links_that_end(person: &Person) -> Option<InvitationsTo<'static>> {
    match (person.deactivated_ms, person.role) {
        (Some(_), _) => Some(InvitationsTo::Anywhere),
        (None, PersonRole::Member) => Some(InvitationsTo::Server),
        (None, PersonRole::Administrator) => None,
    }
}

impl Chat {
    /// Accounts whose handle, or any word of whose name, begins with `prefix`; by handle, after that of `after`.
    ///
    /// # Errors
    /// `NotAdministrator`; so below.
    pub fn accounts(
        &self,
        actor: &Actor,
        prefix: &str,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<ManagedAccountView>, ChatError> {
        actor.require_administrator()?;
        let people = self.store.find_persons(prefix, after, limit)?;
        people.iter().map(|person| self.managed(person)).collect()
    }

    /// Changes what somebody is to the server. Deactivation ends their sessions and open connections at once, and their
    /// API tokens don't work while it lasts; the invitations that they may no longer make end.
    ///
    /// # Errors
    /// `NotFound`; `LastAdministrator`; `SessionNeeded` for a role: a token that leaked makes nobody an administrator.
    pub fn change_account(
        &self,
        actor: &Actor,
        person: &PersonId,
        change: AccountChange,
    ) -> Result<ManagedAccountView, ChatError> {
        actor.require_administrator()?;
        if change.role.is_some() {
            actor.require_session()?;
        }
        let mut turn = self.turn_of(actor)?;
        let row = self.change_standing(&mut turn, person, change)?;
        drop(turn);
        self.managed(&row)
    }

    /// The change itself, for administrators and the command line.
    pub(crate) fn change_standing(
        &self,
        turn: &mut Turn<'_>,
        person: &PersonId,
        change: AccountChange,
    ) -> Result<Person, ChatError> {
        let before = turn.step(|store| store.person(person))?.ok_or_else(ChatError::not_found)?;
        let now_ms = self.now_ms();
        let deactivated_ms = match change.deactivated {
            Some(true) if before.deactivated_ms.is_none() => Some(Some(now_ms)),
            Some(false) if before.deactivated_ms.is_some() => Some(None),
            _ => None,
        };
        let change = PersonChange { role: change.role, deactivated_ms, ..PersonChange::default() };
        let row = self.write_person(turn, person, &change)?;
        if row.deactivated_ms.is_some() {
            // Open connections first: nothing that could fail comes between.
            self.live.revoke(person, |_| true);
            self.ports.rights_changed(person);
            self.end_sessions_of(turn, person, None)?;
        }
        if let Some(to) = links_that_end(&row).filter(|_| row.version != before.version) {
            turn.step(|store| store.revoke_invitations_by(person, to, now_ms))?;
        }
        if row.version != before.version {
            self.tell_person(&row);
        }
        Ok(row)
    }

    /// Makes a code with which a person sets a new password, in place of an earlier one.
    ///
    /// # Errors
    /// `NotFound`; `SessionNeeded`: a token that leaked opens no accounts, neither others' nor its owner's.
    pub fn reset_password(&self, actor: &Actor, person: &PersonId) -> Result<ResetCode, ChatError> {
        actor.require_administrator()?;
        actor.require_session()?;
        let (code, hash) = new_secret(&*self.entropy, "")?;
        let expires_ms = self.now_ms().saturating_add(RESET_TTL_MS);
        let is_there = self.turn_of(actor)?.step(|store| store.put_reset(person, &hash, expires_ms))?;
        if is_there { Ok(ResetCode { code, expires_ms }) } else { Err(ChatError::not_found()) }
    }

    /// Who cannot sign in and asked for help, newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn recoveries(&self, actor: &Actor) -> Result<Vec<RecoveryView>, ChatError> {
        actor.require_administrator()?;
        let recoveries = self.store.recoveries(RECOVERIES_MAX)?;
        let ids: Vec<PersonId> = recoveries.iter().map(|recovery| recovery.person.clone()).collect();
        let people = self.store.persons(&ids)?;
        let views = recoveries.iter().filter_map(|recovery| {
            let person = people.iter().find(|person| person.id == recovery.person)?;
            Some(RecoveryView::new(recovery, person))
        });
        Ok(views.collect())
    }

    /// How many people and rooms there are.
    ///
    /// # Errors
    /// The store's.
    pub fn counts(&self, actor: &Actor) -> Result<(u64, u64), ChatError> {
        actor.require_administrator()?;
        Ok((self.store.count_persons()?, self.store.count_rooms()?))
    }

    fn managed(&self, person: &Person) -> Result<ManagedAccountView, ChatError> {
        let now_ms = self.now_ms();
        let sessions = self.store.sessions_of(&person.id)?;
        let open = sessions.iter().filter(|session| session.expires_ms > now_ms).count();
        Ok(ManagedAccountView {
            account: person.into(),
            deactivated_ms: person.deactivated_ms,
            sessions: u32::try_from(open).unwrap_or(u32::MAX),
        })
    }
}
