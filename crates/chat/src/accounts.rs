//! Accounts: how one gets one, gets in, changes it and gets back in; and how administrators look after them.
//!
//! At sign-in and recovery nobody learns which accounts there are: an unknown login takes the same steps as a known one,
//! down to the number of hashes, and gets the same answer. Sign-up has to say that a handle is taken; it is limited, and
//! where it needs an invitation it asks for that first.

mod administration;
mod profile;
mod recovery;
mod set_up;
mod sign_in;
mod sign_up;

use loquat_protocol::ErrorCode;
use loquat_store::people::{Email, Handle, Person, PersonRole, RoomId};

use crate::{Chat, ChatError, secret, text, views::AccountView};

pub(crate) use administration::links_that_end;
pub use administration::{AccountChange, ResetCode};
pub use profile::ProfileChange;

/// An account to be made, as somebody typed it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What they are to be mentioned by.
    pub handle: String,
    /// What they are to be called.
    pub name: String,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their password.
    pub password: String,
}

/// Somebody who is signed in from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Their account.
    pub account: AccountView,
    /// The session's secret, for the cookie.
    pub secret: String,
    /// When the session ends unless it is used, milliseconds since 1970.
    pub expires_ms: u64,
    /// The room that their invitation has brought them into.
    pub room: Option<RoomId>,
}

/// An account that keeps all rules, with its password's hash.
pub(crate) struct CheckedAccount {
    pub person: Person,
    pub password_hash: String,
}

impl Chat {
    /// Checks every field of a new account, and hashes the password.
    pub(crate) fn check_account(
        &self,
        new: &NewAccount,
        role: PersonRole,
    ) -> Result<CheckedAccount, ChatError> {
        let handle = Handle::parse(&new.handle);
        let name = text::name("name", &new.name);
        let email = email(new.email.as_deref());
        let (handle, name, email) = match (handle, name, email) {
            (Ok(handle), Ok(name), Ok(email)) => (handle, name, email),
            (handle, name, email) => {
                return Err(all_faults([handle.err().map(Into::into), name.err(), email.err()]));
            }
        };
        let password = text::normalised_password(&new.password);
        text::check_password(
            "password",
            &password,
            self.options.password_bytes_min,
            &handle,
            email.as_ref(),
        )?;
        let password_hash = self.passwords.hash(&password)?;
        let person = Person {
            id: loquat_store::people::PersonId::from_bits(secret::id_bits(&*self.entropy)?),
            handle,
            name,
            email,
            role,
            time_zone: None,
            created_ms: self.now_ms(),
            deactivated_ms: None,
            version: 0,
        };
        Ok(CheckedAccount { person, password_hash })
    }
}

/// An address, if one is given; an empty one is none.
fn email(text: Option<&str>) -> Result<Option<Email>, ChatError> {
    Ok(text.filter(|text| !text.is_empty()).map(Email::parse).transpose()?)
}

/// One refusal for all fields that are at fault, under the first one's code.
fn all_faults(errors: [Option<ChatError>; 3]) -> ChatError {
    let mut errors = errors.into_iter().flatten();
    let mut first = errors.next().unwrap_or_else(|| ErrorCode::BadRequest.into());
    first.fields.extend(errors.flat_map(|error| error.fields));
    first
}
