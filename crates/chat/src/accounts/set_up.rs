//! The first account of a server.

use std::sync::atomic::Ordering;

use loquat_protocol::ErrorCode;
use loquat_store::people::{Admission, CreatePerson, PersonRole};
use subtle::ConstantTimeEq;

use super::{NewAccount, SignedIn};
use crate::{Chat, ChatError, Visitor, limits::Door};

impl Chat {
    /// Makes the first administrator's account, for whoever has the code of [`Chat::setup_code`], and signs them in.
    ///
    /// # Errors
    /// `SetupRefused` for another code or when there is an administrator already; `TooManyAttempts`; what is wrong with
    /// the account.
    pub fn set_up(&self, visitor: &Visitor, code: &str, new: &NewAccount) -> Result<SignedIn, ChatError> {
        let attempt = self.limits.attempt(Door::SignUp, visitor.address, None, self.now_ms())?;
        let fits = bool::from(code.as_bytes().ct_eq(self.setup_code.as_bytes()));
        if !fits || !self.needs_setup()? {
            return Err(ErrorCode::SetupRefused.into());
        }
        attempt.forgive();
        let checked = self.check_account(new, PersonRole::Administrator)?;
        // People without an administrator come from the command line; the code then still makes the first one.
        let mut turn = self.turn();
        if turn.step(|store| store.count_administrators())? > 0 {
            return Err(ErrorCode::SetupRefused.into());
        }
        let created = turn
            .step(|store| store.create_person(&checked.person, &checked.password_hash, &Admission::Free))?;
        let person = match created {
            CreatePerson::Created(person) => person,
            CreatePerson::HandleTaken => return Err(super::sign_up::handle_taken(&checked.person)),
            CreatePerson::EmailTaken => return Err(super::sign_up::email_taken()),
            CreatePerson::NotFirst | CreatePerson::InvitationUsedUp => {
                return Err(ErrorCode::SetupRefused.into());
            }
        };
        self.is_set_up.store(true, Ordering::Release);
        self.begin_session(&mut turn, visitor, &person, None)
    }
}
