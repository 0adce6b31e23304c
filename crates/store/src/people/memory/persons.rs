//! Accounts in memory.

use super::{Account, MemoryPeople, State, conflict};
use crate::{
    StoreError,
    people::{
        Admission, ChangePerson, CreatePerson, Email, Handle, Person, PersonChange, PersonId, PersonRole,
        Persons, Recovery, RoomRole, SecretHash,
        matching::{Prefix, fold},
    },
};

fn is_administrator(person: &Person) -> bool {
    person.role == PersonRole::Administrator && person.deactivated_ms.is_none()
}

impl State {
    fn find(&self, is_sought: impl Fn(&Person) -> bool) -> Option<Person> {
        self.people.iter().map(|account| &account.person).find(|person| is_sought(person)).cloned()
    }

    fn is_handle_taken(&self, handle: &Handle, by_other_than: &PersonId) -> bool {
        self.find(|person| person.handle == *handle && person.id != *by_other_than).is_some()
    }

    fn is_email_taken(&self, email: Option<&Email>, by_other_than: &PersonId) -> bool {
        email.is_some()
            && self.find(|person| person.email.as_ref() == email && person.id != *by_other_than).is_some()
    }

    fn administrators(&self) -> u64 {
        self.people.iter().filter(|account| is_administrator(&account.person)).count() as u64
    }

    fn create(&mut self, person: &Person, password_hash: &str, admission: &Admission) -> CreatePerson {
        if *admission == Admission::First && !self.people.is_empty() {
            return CreatePerson::NotFirst;
        }
        let invitation = match admission {
            Admission::Invited(id) => {
                self.invitations.iter().find(|invitation| invitation.id == *id).cloned()
            }
            Admission::Free | Admission::First => None,
        };
        let is_open = invitation.as_ref().is_some_and(|invitation| invitation.is_open(person.created_ms));
        if matches!(admission, Admission::Invited(_)) && !is_open {
            return CreatePerson::InvitationUsedUp;
        }
        if self.is_handle_taken(&person.handle, &person.id) {
            return CreatePerson::HandleTaken;
        }
        if self.is_email_taken(person.email.as_ref(), &person.id) {
            return CreatePerson::EmailTaken;
        }
        let person = Person { version: self.next_rights_version(), ..person.clone() };
        let password_hash = password_hash.to_owned();
        self.people.push(Account { person: person.clone(), password_hash, reset: None, recovery_ms: None });
        if let Some(invitation) = invitation {
            self.take_use(&invitation.id, person.created_ms);
            if let Some(room) = &invitation.room {
                self.add_member(room, &person.id, RoomRole::Member, person.created_ms, person.version);
            }
        }
        CreatePerson::Created(person)
    }

    fn change(&mut self, id: &PersonId, change: &PersonChange) -> ChangePerson {
        let Some(before) = self.person(id) else { return ChangePerson::Absent };
        let change = change.clone();
        let after = Person {
            handle: change.handle.unwrap_or_else(|| before.handle.clone()),
            name: change.name.unwrap_or_else(|| before.name.clone()),
            email: change.email.unwrap_or_else(|| before.email.clone()),
            role: change.role.unwrap_or(before.role),
            time_zone: change.time_zone.unwrap_or_else(|| before.time_zone.clone()),
            deactivated_ms: change.deactivated_ms.unwrap_or(before.deactivated_ms),
            ..before.clone()
        };
        if self.is_handle_taken(&after.handle, id) {
            return ChangePerson::HandleTaken;
        }
        if self.is_email_taken(after.email.as_ref(), id) {
            return ChangePerson::EmailTaken;
        }
        if is_administrator(&before) && !is_administrator(&after) && self.administrators() == 1 {
            return ChangePerson::LastAdministrator;
        }
        if after == before {
            return ChangePerson::Changed(before);
        }
        let after = Person { version: self.next_rights_version(), ..after };
        if let Some(account) = self.account_mut(id) {
            account.person = after.clone();
        }
        ChangePerson::Changed(after)
    }
}

impl Persons for MemoryPeople {
    fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError> {
        Ok(self.state.lock().person(id))
    }

    fn person_by_handle(&self, handle: &Handle) -> Result<Option<Person>, StoreError> {
        Ok(self.state.lock().find(|person| person.handle == *handle))
    }

    fn person_by_login(&self, login: &str) -> Result<Option<Person>, StoreError> {
        let login = login.to_lowercase();
        let has_login = |person: &Person| {
            person.handle.as_str() == login
                || person.email.as_ref().is_some_and(|email| email.as_str() == login)
        };
        Ok(self.state.lock().find(has_login))
    }

    fn persons(&self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        let state = self.state.lock();
        Ok(ids.iter().filter_map(|id| state.person(id)).collect())
    }

    fn find_persons(
        &self,
        prefix: &str,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<Person>, StoreError> {
        let state = self.state.lock();
        let after = match after.map(|id| state.person(id)) {
            Some(None) => return Ok(Vec::new()),
            found => found.flatten().map(|person| person.handle),
        };
        let prefix = Prefix::new(prefix);
        let is_sought = |person: &Person| {
            let matches = prefix.begins(person.handle.as_str()) || prefix.begins_a_word(&fold(&person.name));
            matches && after.as_ref().is_none_or(|after| person.handle > *after)
        };
        let mut found: Vec<Person> =
            state.people.iter().map(|account| account.person.clone()).filter(is_sought).collect();
        found.sort_by(|a, b| a.handle.cmp(&b.handle));
        found.truncate(limit);
        Ok(found)
    }

    fn create_person(
        &self,
        person: &Person,
        password_hash: &str,
        admission: &Admission,
    ) -> Result<CreatePerson, StoreError> {
        let mut state = self.state.lock();
        if state.account(&person.id).is_some() {
            return Err(conflict(format!("the person {} exists already", person.id)));
        }
        let outcome = state.create(person, password_hash, admission);
        Self::settle(&mut state);
        Ok(outcome)
    }

    fn change_person(&self, id: &PersonId, change: &PersonChange) -> Result<ChangePerson, StoreError> {
        let mut state = self.state.lock();
        let outcome = state.change(id, change);
        Self::settle(&mut state);
        Ok(outcome)
    }

    fn password_hash(&self, id: &PersonId) -> Result<Option<String>, StoreError> {
        Ok(self.state.lock().account(id).map(|account| account.password_hash.clone()))
    }

    fn set_password(&self, id: &PersonId, password_hash: &str) -> Result<bool, StoreError> {
        self.update(id, |account| {
            account.password_hash = password_hash.to_owned();
            (account.reset, account.recovery_ms) = (None, None);
        })
    }

    fn count_administrators(&self) -> Result<u64, StoreError> {
        Ok(self.state.lock().administrators())
    }

    fn count_persons(&self) -> Result<u64, StoreError> {
        Ok(self.state.lock().people.len() as u64)
    }

    fn put_reset(
        &self,
        person: &PersonId,
        code_hash: &SecretHash,
        expires_ms: u64,
    ) -> Result<bool, StoreError> {
        self.update(person, |account| account.reset = Some((*code_hash, expires_ms)))
    }

    fn take_reset(&self, code_hash: &SecretHash, now_ms: u64) -> Result<Option<PersonId>, StoreError> {
        let mut state = self.state.lock();
        let has_code = |account: &&mut Account| {
            account.reset.is_some_and(|(hash, expires_ms)| hash == *code_hash && now_ms < expires_ms)
        };
        let found = state.people.iter_mut().find(has_code);
        Ok(found.map(|account| {
            account.reset = None;
            account.person.id.clone()
        }))
    }

    fn note_recovery(&self, person: &PersonId, at_ms: u64) -> Result<bool, StoreError> {
        self.update(person, |account| account.recovery_ms = Some(at_ms))
    }

    fn recoveries(&self, limit: usize) -> Result<Vec<Recovery>, StoreError> {
        let state = self.state.lock();
        let asked = state.people.iter().filter_map(|account| {
            Some(Recovery { person: account.person.id.clone(), at_ms: account.recovery_ms? })
        });
        let mut asked: Vec<Recovery> = asked.collect();
        asked.sort_by(|a, b| b.at_ms.cmp(&a.at_ms).then_with(|| a.person.cmp(&b.person)));
        asked.truncate(limit);
        Ok(asked)
    }
}

impl MemoryPeople {
    fn update(&self, id: &PersonId, work: impl FnOnce(&mut Account)) -> Result<bool, StoreError> {
        let mut state = self.state.lock();
        Self::settle(&mut state);
        Ok(state.account_mut(id).map(work).is_some())
    }
}
