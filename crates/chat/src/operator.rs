//! What whoever has the data directory may do about people: for the command line, which asks nobody. A running server
//! notices within a second ([`crate::Chat::refresh_if_changed`]).

use std::sync::Arc;

use loquat_auth::{Entropy, Passwords};
use loquat_protocol::ErrorCode;
use loquat_store::people::{
    Admission, ChangePerson, CreatePerson, Email, Handle, PeopleStore, Person, PersonChange, PersonId,
    PersonRole,
};

use crate::{ChatError, Clock, NewAccount, Options, accounts::links_that_end, secret::id_bits, text};

/// People read at once.
const PAGE: usize = 200;

/// The operator's hands.
pub struct Operator {
    store: Arc<dyn PeopleStore>,
    entropy: Arc<dyn Entropy>,
    clock: Clock,
    passwords: Passwords,
    options: Options,
}

impl Operator {
    /// Over a store.
    ///
    /// # Errors
    /// `Internal` without random bytes or with impossible parameters for passwords.
    pub fn new(
        store: Arc<dyn PeopleStore>,
        entropy: Arc<dyn Entropy>,
        clock: Clock,
        options: Options,
    ) -> Result<Self, ChatError> {
        let passwords = Passwords::new(options.passwords, &*entropy)?;
        Ok(Self { store, entropy, clock, passwords, options })
    }

    /// Everybody, by handle, handed over one by one.
    ///
    /// # Errors
    /// The store's.
    pub fn for_each(&self, mut each: impl FnMut(Person)) -> Result<(), ChatError> {
        let mut after: Option<PersonId> = None;
        loop {
            let page = self.store.find_persons("", after.as_ref(), PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id.clone());
            page.into_iter().for_each(&mut each);
        }
    }

    /// Somebody, by handle, address or id.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(&self, who: &str) -> Result<Person, ChatError> {
        let found = match PersonId::parse(who) {
            Ok(id) => self.store.person(&id)?,
            Err(_) => self.store.person_by_login(who.trim_start_matches('@'))?,
        };
        found.ok_or_else(|| ChatError::new(ErrorCode::NotFound, format!("there is no account '{who}'")))
    }

    /// Makes an account.
    ///
    /// # Errors
    /// What is wrong with it; `HandleTaken`, `EmailTaken`.
    pub fn create(&self, new: &NewAccount, role: PersonRole) -> Result<Person, ChatError> {
        let handle = Handle::parse(&new.handle)?;
        let email = new.email.as_deref().filter(|email| !email.is_empty()).map(Email::parse).transpose()?;
        let password = text::normalised_password(&new.password);
        let bytes_min = self.options.password_bytes_min;
        text::check_password("password", &password, bytes_min, &handle, email.as_ref())?;
        let person = Person {
            id: PersonId::from_bits(id_bits(&*self.entropy)?),
            name: text::name("name", &new.name)?,
            handle,
            email,
            role,
            time_zone: None,
            created_ms: (self.clock)(),
            deactivated_ms: None,
            version: 0,
        };
        let hash = self.passwords.hash(&password, &*self.entropy)?;
        match self.store.create_person(&person, &hash, &Admission::Free)? {
            CreatePerson::Created(person) => Ok(person),
            CreatePerson::HandleTaken => Err(ErrorCode::HandleTaken.into()),
            CreatePerson::EmailTaken => Err(ErrorCode::EmailTaken.into()),
            CreatePerson::NotFirst | CreatePerson::InvitationUsedUp => Err(ErrorCode::Internal.into()),
        }
    }

    /// Sets a password, and ends all sessions of the person.
    ///
    /// # Errors
    /// `NotFound`, `PasswordRefused`.
    pub fn set_password(&self, person: &Person, password: &str) -> Result<(), ChatError> {
        let password = text::normalised_password(password);
        let bytes_min = self.options.password_bytes_min;
        text::check_password("password", &password, bytes_min, &person.handle, person.email.as_ref())?;
        let hash = self.passwords.hash(&password, &*self.entropy)?;
        if !self.store.set_password(&person.id, &hash)? {
            return Err(ChatError::not_found());
        }
        self.store.end_sessions(&person.id, None)?;
        Ok(())
    }

    /// Gives somebody another role.
    ///
    /// # Errors
    /// `NotFound`, `LastAdministrator`.
    pub fn set_role(&self, person: &PersonId, role: PersonRole) -> Result<Person, ChatError> {
        self.change(person, &PersonChange { role: Some(role), ..PersonChange::default() })
    }

    /// Takes an account out of use, with all its sessions, or back into use.
    ///
    /// # Errors
    /// `NotFound`, `LastAdministrator`.
    pub fn set_deactivated(&self, person: &PersonId, deactivated: bool) -> Result<Person, ChatError> {
        let deactivated_ms = Some(deactivated.then(|| (self.clock)()));
        let row = self.change(person, &PersonChange { deactivated_ms, ..PersonChange::default() })?;
        if deactivated {
            self.store.end_sessions(person, None)?;
        }
        Ok(row)
    }

    fn change(&self, person: &PersonId, change: &PersonChange) -> Result<Person, ChatError> {
        match self.store.change_person(person, change)? {
            ChangePerson::Changed(person) => {
                if let Some(to) = links_that_end(&person) {
                    self.store.revoke_invitations_by(&person.id, to, (self.clock)())?;
                }
                Ok(person)
            }
            ChangePerson::Absent => Err(ChatError::not_found()),
            ChangePerson::LastAdministrator => Err(ErrorCode::LastAdministrator.into()),
            ChangePerson::HandleTaken => Err(ErrorCode::HandleTaken.into()),
            ChangePerson::EmailTaken => Err(ErrorCode::EmailTaken.into()),
        }
    }
}
