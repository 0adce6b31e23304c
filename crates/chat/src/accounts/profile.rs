//! One's own account.

use loquat_protocol::ErrorCode;
use loquat_store::people::{ChangePerson, Handle, Person, PersonChange, PersonId};

use super::email;
use crate::{
    Actor, Chat, ChatError, Visitor,
    events::Event,
    limits::Door,
    text,
    turn::Turn,
    views::{AccountView, PersonView},
};

/// What to change about oneself, as typed; `None` leaves a field as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProfileChange {
    /// Another handle.
    pub handle: Option<String>,
    /// Another name.
    pub name: Option<String>,
    /// Another address, or none.
    pub email: Option<Option<String>>,
    /// Another time zone by its IANA name, or none.
    pub time_zone: Option<Option<String>>,
}

impl Chat {
    /// The actor's account.
    ///
    /// # Errors
    /// The store's.
    pub fn me(&self, actor: &Actor) -> Result<AccountView, ChatError> {
        Ok((&self.own_row(actor)?).into())
    }

    /// Changes the actor's profile. `if_version`: only if that is the account's version still.
    ///
    /// # Errors
    /// `HandleTaken`, `EmailTaken`, what is wrong with a field; `VersionConflict`; `SessionNeeded` for a handle or an
    /// address, by which one signs in; `TooManyAttempts` for an address, as the answer tells whether
    /// somebody has it, and for more changes than others should hear of.
    pub fn change_profile(
        &self,
        actor: &Actor,
        visitor: &Visitor,
        change: &ProfileChange,
        if_version: Option<u64>,
    ) -> Result<AccountView, ChatError> {
        if change.handle.is_some() || change.email.is_some() {
            actor.require_session()?;
        }
        let time_zone =
            change.time_zone.as_ref().map(|zone| zone.as_deref().map(text::time_zone).transpose());
        let change = PersonChange {
            handle: change.handle.as_deref().map(Handle::parse).transpose()?,
            name: change.name.as_deref().map(|name| text::name("name", name)).transpose()?,
            email: change.email.as_ref().map(|text| email(text.as_deref())).transpose()?,
            time_zone: time_zone.transpose()?,
            ..PersonChange::default()
        };
        if let Some(Some(_)) = change.email {
            let subject = Some(actor.person.as_str());
            self.limits.attempt(Door::Email, visitor.address, subject, self.now_ms())?;
        }
        self.limits.change(&actor.person, self.now_ms())?;
        let mut turn = self.turn_of(actor)?;
        let before = turn.step(|store| store.person(&actor.person))?.ok_or_else(ChatError::not_found)?;
        if if_version.is_some_and(|version| version != before.version) {
            return Err(ErrorCode::VersionConflict.into());
        }
        let person = self.write_person(&mut turn, &actor.person, &change)?;
        if person.version != before.version {
            self.tell_person(&person);
        }
        Ok((&person).into())
    }

    /// Changes the actor's password. Their other sessions end at once; API tokens stay.
    ///
    /// # Errors
    /// `SessionNeeded`; `WrongPassword`; `PasswordRefused`; `TooManyAttempts`.
    pub fn change_password(
        &self,
        actor: &Actor,
        visitor: &Visitor,
        current: &str,
        new: &str,
    ) -> Result<(), ChatError> {
        let session = actor.require_session()?;
        let person = self.own_row(actor)?;
        let new = text::normalised_password(new);
        let bytes_min = self.options.password_bytes_min;
        text::check_password("new", &new, bytes_min, &person.handle, person.email.as_ref())?;
        let stored = self.require_password(visitor, &person, current)?;
        let hash = self.passwords.hash(&new)?;
        let mut turn = self.turn();
        // Of two changes at once the second compares with a password that is no longer.
        if turn.step(|store| store.password_hash(&person.id))?.as_ref() != Some(&stored) {
            return Err(ChatError::field(
                ErrorCode::WrongPassword,
                "current",
                "the current password is wrong",
            ));
        }
        // In this order: if the second fails, nobody is left signed in by a password that its owner believes gone.
        self.end_sessions_of(&mut turn, &person.id, Some(session))?;
        turn.step(|store| store.set_password(&person.id, &hash))?;
        Ok(())
    }

    fn own_row(&self, actor: &Actor) -> Result<Person, ChatError> {
        self.store.person(&actor.person)?.ok_or_else(|| ErrorCode::SessionMissing.into())
    }

    /// Writes a change that is allowed, and answers for what stands against it.
    pub(crate) fn write_person(
        &self,
        turn: &mut Turn<'_>,
        person: &PersonId,
        change: &PersonChange,
    ) -> Result<Person, ChatError> {
        match turn.step(|store| store.change_person(person, change))? {
            ChangePerson::Changed(person) => Ok(person),
            ChangePerson::Absent => Err(ChatError::not_found()),
            ChangePerson::HandleTaken => Err(ChatError::field(
                ErrorCode::HandleTaken,
                "handle",
                "the handle is taken: choose another one",
            )),
            ChangePerson::EmailTaken => Err(super::sign_up::email_taken()),
            ChangePerson::LastAdministrator => Err(ErrorCode::LastAdministrator.into()),
        }
    }

    /// Tells everybody who shares a room with a person, and the person, what has become of them.
    pub(crate) fn tell_person(&self, person: &Person) {
        let rooms = match self.store.memberships_of(&person.id) {
            Ok(rooms) => rooms,
            Err(error) => return tracing::warn!(%error, "an event about a person is missing"),
        };
        let mut audience: Vec<PersonId> =
            rooms.iter().flat_map(|room| self.live.online(&room.room)).collect();
        audience.push(person.id.clone());
        audience.sort_unstable();
        audience.dedup();
        audience.retain(|person| self.live.is_online(person));
        self.tell(&audience, &Event::PersonChanged { person: PersonView::from(person) });
    }
}
