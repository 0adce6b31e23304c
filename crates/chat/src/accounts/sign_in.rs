//! Getting in.

use loquat_protocol::ErrorCode;
use loquat_store::people::Person;

use super::SignedIn;
use crate::{Chat, ChatError, Count, Visitor, limits::Door, text};

/// Longest login that is looked up, in bytes: no handle or address is longer.
const LOGIN_BYTES_MAX: usize = 254;

/// Somebody whose password was right, and the hash that it was compared with.
struct Known {
    person: Person,
    stored: String,
    /// To be stored instead, when the hash is outdated.
    renewed: Option<String>,
}

impl Chat {
    /// Signs somebody in by handle or address and password.
    ///
    /// # Errors
    /// `WrongLogin`, the same for an unknown login and for a wrong password; `AccountDeactivated`, for the right
    /// password alone; `TooManyAttempts`.
    pub fn sign_in(&self, visitor: &Visitor, login: &str, password: &str) -> Result<SignedIn, ChatError> {
        let outcome = self.try_sign_in(visitor, login, password);
        match &outcome {
            Ok(_) => self.ports.count(Count::SignedIn),
            Err(error) if error.code == ErrorCode::WrongLogin => self.ports.count(Count::WrongLogin),
            Err(error) if error.code == ErrorCode::AccountDeactivated => {
                self.ports.count(Count::SignInDeactivated);
            }
            Err(_) => {}
        }
        outcome
    }

    fn try_sign_in(&self, visitor: &Visitor, login: &str, password: &str) -> Result<SignedIn, ChatError> {
        let login = login.trim();
        let login = if login.len() > LOGIN_BYTES_MAX { "" } else { login };
        let login = login.to_lowercase();
        // By what was typed: if the handle and the address of an account had one allowance, a refusal would tell that they
        // are one account's, and so that there is one.
        let attempt = self.limits.attempt(Door::SignIn, visitor.address, Some(&login), self.now_ms())?;
        let person = self.store.person_by_login(&login)?;
        let known = self.who_has_password(person, &text::normalised_password(password))?;
        let Some(Known { person, stored, renewed }) = known else {
            return Err(ErrorCode::WrongLogin.into());
        };
        attempt.forgive();
        let mut turn = self.turn();
        // While the password was compared, it may have become another, or the account may have been deactivated.
        if turn.step(|store| store.password_hash(&person.id))?.as_ref() != Some(&stored) {
            return Err(ErrorCode::WrongLogin.into());
        }
        let current = turn.step(|store| store.person(&person.id))?;
        let Some(person) = current.filter(|person| person.deactivated_ms.is_none()) else {
            return Err(ErrorCode::AccountDeactivated.into());
        };
        if let Some(renewed) = renewed {
            turn.step(|store| store.set_password(&person.id, &renewed))?;
        }
        self.begin_session(&mut turn, visitor, &person, None)
    }

    /// The person, if the password is theirs. One hash is compared in any case.
    fn who_has_password(&self, person: Option<Person>, password: &str) -> Result<Option<Known>, ChatError> {
        let stored = match &person {
            Some(person) => self.store.password_hash(&person.id)?,
            None => None,
        };
        let Some((person, stored)) = person.zip(stored) else {
            self.passwords.verify_none(password);
            return Ok(None);
        };
        if !self.passwords.verify(password, &stored)? {
            return Ok(None);
        }
        let is_outdated = self.passwords.is_outdated(&stored);
        let renewed = is_outdated.then(|| self.passwords.hash(password)).transpose()?;
        Ok(Some(Known { person, stored, renewed }))
    }

    /// Refuses whoever doesn't know their own password; the hash that it was compared with.
    pub(super) fn require_password(
        &self,
        visitor: &Visitor,
        person: &Person,
        password: &str,
    ) -> Result<String, ChatError> {
        let subject = Some(person.id.as_str());
        let attempt = self.limits.attempt(Door::SignIn, visitor.address, subject, self.now_ms())?;
        let stored = self.store.password_hash(&person.id)?;
        let password = text::normalised_password(password);
        match stored {
            Some(stored) if self.passwords.verify(&password, &stored)? => {
                attempt.forgive();
                Ok(stored)
            }
            _ => Err(ChatError::field(ErrorCode::WrongPassword, "current", "the current password is wrong")),
        }
    }
}
