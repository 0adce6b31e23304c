//! Getting back in without a password: one asks, an administrator hands over a code, the code sets a new password.

use loquat_protocol::ErrorCode;

use crate::{Chat, ChatError, Visitor, limits::Door, secret::hash_of, text};

/// Most requests that wait to be looked up; there are as many again half a second later.
const CRIES_MAX: usize = 256;
/// Longest login that is looked up, in bytes.
const LOGIN_BYTES_MAX: usize = 254;

impl Chat {
    /// Notes that the owner of a login asks for help, for administrators to see. The answer is the same, and as fast,
    /// whether or not there is such an account: looking it up is left to [`Self::refresh_if_changed`].
    ///
    /// # Errors
    /// `TooManyAttempts`.
    pub fn request_recovery(&self, visitor: &Visitor, login: &str) -> Result<(), ChatError> {
        let login = login.trim().to_lowercase();
        let login = if login.len() > LOGIN_BYTES_MAX { String::new() } else { login };
        self.limits.attempt(Door::Recovery, visitor.address, Some(&login), self.now_ms())?;
        let mut cries = self.cries.lock();
        // Whoever cries when too many do is asked to try again by nobody answering; the address limit keeps it rare.
        if cries.len() < CRIES_MAX && !cries.iter().any(|cry| **cry == *login) {
            cries.push_back(login.into());
        }
        Ok(())
    }

    /// Looks up who asked for help.
    pub(crate) fn note_recoveries(&self) -> Result<(), ChatError> {
        loop {
            let Some(login) = self.cries.lock().pop_front() else { return Ok(()) };
            let person = self.store.person_by_login(&login)?;
            if let Some(person) = person.filter(|person| person.deactivated_ms.is_none()) {
                self.store.note_recovery(&person.id, self.now_ms())?;
            }
        }
    }

    /// Sets a new password with a code that an administrator has handed over. All sessions of the person end at once.
    ///
    /// # Errors
    /// `RecoveryRefused` for a code that is unknown, used or expired, or of a deactivated account; `PasswordRefused`,
    /// which doesn't use up the code; `TooManyAttempts`.
    pub fn complete_recovery(&self, visitor: &Visitor, code: &str, password: &str) -> Result<(), ChatError> {
        let attempt = self.limits.attempt(Door::Recovery, visitor.address, None, self.now_ms())?;
        let code_hash = hash_of(code, "").ok_or(ErrorCode::RecoveryRefused)?;
        let password = text::normalised_password(password);
        text::check_password_alone("password", &password, self.options.password_bytes_min)?;
        let hash = self.passwords.hash(&password)?;
        let mut turn = self.turn();
        let now_ms = self.now_ms();
        let person =
            turn.step(|store| store.take_reset(&code_hash, now_ms))?.ok_or(ErrorCode::RecoveryRefused)?;
        let row = turn.step(|store| store.person(&person))?;
        if row.is_none_or(|row| row.deactivated_ms.is_some()) {
            return Err(ErrorCode::RecoveryRefused.into());
        }
        attempt.forgive();
        self.end_sessions_of(&mut turn, &person, None)?;
        turn.step(|store| store.set_password(&person, &hash))?;
        Ok(())
    }
}
