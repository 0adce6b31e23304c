//! Accounts.

use super::{Email, Handle, InvitationId, PersonId, PersonRole};
use crate::StoreError;

/// The SHA-256 of a secret: the secret itself is never stored.
pub type SecretHash = [u8; 32];

/// A person's account. The password's hash is apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Whose.
    pub id: PersonId,
    /// What they are mentioned by; one person's alone.
    pub handle: Handle,
    /// What they are called.
    pub name: String,
    /// Their address; one person's alone.
    pub email: Option<Email>,
    /// What they are to the server.
    pub role: PersonRole,
    /// Their time zone, by its IANA name.
    pub time_zone: Option<String>,
    /// When the account was made, milliseconds since 1970.
    pub created_ms: u64,
    /// Since when it is out of use, milliseconds since 1970.
    pub deactivated_ms: Option<u64>,
    /// The store's counter when the row was written last; given by the store.
    pub version: u64,
}

/// How somebody comes to have an account; checked in the step that makes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Whoever made the decision made it elsewhere.
    Free,
    /// As the first person of the server, or not at all.
    First,
    /// By an invitation, of which one use is taken; it must not be revoked, used up or expired at the account's
    /// `created_ms`. If it is to a room, the person becomes a member of it in the same step, as by
    /// [`Memberships::join`](super::Memberships::join).
    Invited(InvitationId),
}

/// What became of an account to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CreatePerson {
    /// It is there.
    Created(Person),
    /// Somebody has the handle.
    HandleTaken,
    /// Somebody has the address.
    EmailTaken,
    /// [`Admission::First`], and there is somebody already.
    NotFirst,
    /// [`Admission::Invited`], and the invitation is unknown, revoked, expired or used up.
    InvitationUsedUp,
}

/// What to change about a person; `None` leaves a field as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonChange {
    /// Another handle.
    pub handle: Option<Handle>,
    /// Another name.
    pub name: Option<String>,
    /// Another address, or none.
    pub email: Option<Option<Email>>,
    /// Another role.
    pub role: Option<PersonRole>,
    /// Another time zone, or none.
    pub time_zone: Option<Option<String>>,
    /// Out of use since then, milliseconds since 1970, or in use again.
    pub deactivated_ms: Option<Option<u64>>,
}

/// What became of a change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangePerson {
    /// The person as they are now; also when nothing differs, and then with the version that they had.
    Changed(Person),
    /// There is no such person.
    Absent,
    /// Somebody else has the handle.
    HandleTaken,
    /// Somebody else has the address.
    EmailTaken,
    /// Nobody would be left who is an administrator and in use.
    LastAdministrator,
}

/// Somebody who cannot sign in and asked for help.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recovery {
    /// Who.
    pub person: PersonId,
    /// When they asked last, milliseconds since 1970.
    pub at_ms: u64,
}

/// Accounts, their passwords, and ways back in. Deactivated people are found like others.
pub trait Persons: Send + Sync + 'static {
    /// A person.
    ///
    /// # Errors
    /// See [`StoreError`]; so below.
    fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError>;

    /// The person who has a handle.
    fn person_by_handle(&self, handle: &Handle) -> Result<Option<Person>, StoreError>;

    /// The person whom a sign-in names, by handle or by address, in any case.
    fn person_by_login(&self, login: &str) -> Result<Option<Person>, StoreError>;

    /// Those of the given people who exist, in the order given.
    fn persons(&self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError>;

    /// People whose handle, or any word of whose name, begins with `prefix` in any case; by handle, beginning after
    /// that of `after`, at most `limit`. An `after` that doesn't exist gives nobody.
    fn find_persons(
        &self,
        prefix: &str,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<Person>, StoreError>;

    /// Makes an account; the given `version` doesn't matter. `password_hash` is kept as it is. Of two people who ask
    /// for the same handle, address, last use of an invitation or first place at once, one gets it.
    ///
    /// # Errors
    /// `Conflict` when the id exists.
    fn create_person(
        &self,
        person: &Person,
        password_hash: &str,
        admission: &Admission,
    ) -> Result<CreatePerson, StoreError>;

    /// Changes a person. Law: once there is an administrator in use, there always is one.
    fn change_person(&self, id: &PersonId, change: &PersonChange) -> Result<ChangePerson, StoreError>;

    /// What was given as a person's password hash last.
    fn password_hash(&self, id: &PersonId) -> Result<Option<String>, StoreError>;

    /// Replaces a password hash; the person's reset code and recovery request end with it. `false` when there is no
    /// such person. Sessions are the caller's to end.
    fn set_password(&self, id: &PersonId, password_hash: &str) -> Result<bool, StoreError>;

    /// How many administrators are in use.
    fn count_administrators(&self) -> Result<u64, StoreError>;

    /// How many people there are, deactivated ones too.
    fn count_persons(&self) -> Result<u64, StoreError>;

    /// Keeps a reset code for a person, in place of an earlier one; `false` when there is no such person.
    fn put_reset(
        &self,
        person: &PersonId,
        code_hash: &SecretHash,
        expires_ms: u64,
    ) -> Result<bool, StoreError>;

    /// Whose reset code it is, if it has not expired (`now_ms < expires_ms`). Law: a code is taken once, also by two
    /// at the same time.
    fn take_reset(&self, code_hash: &SecretHash, now_ms: u64) -> Result<Option<PersonId>, StoreError>;

    /// Notes that a person asked for help, in place of an earlier note; `false` when there is no such person.
    fn note_recovery(&self, person: &PersonId, at_ms: u64) -> Result<bool, StoreError>;

    /// Who asked for help, newest first, at most `limit`.
    fn recoveries(&self, limit: usize) -> Result<Vec<Recovery>, StoreError>;
}
