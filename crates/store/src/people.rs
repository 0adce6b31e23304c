//! People, rooms, and what each has read: the truth about who may be where, and a projection that counts.
//!
//! A trait per noun; [`PeopleStore`] is all of them. Their comments are laws, tested over every engine by
//! the laws, with [`MemoryPeople`] as the oracle.
//!
//! - Changes are durable when a call returns, unless the method says otherwise; each is one step, all or nothing.
//! - Every step that changes a person, a room or a membership, or ends a session or token, takes the next value of one
//!   counter, and every person, room and membership that it changes carries it as its `version`. So versions order all changes, and of two copies of a row the one
//!   with the higher version is newer.
//! - The counts of a room and of its readers come from [`RoomProjection`], exactly, at any number of messages.
//! - Text is stored as given: what a name may look like is decided where people's input enters.

mod ids;
mod invitations;
pub mod matching;
mod memberships;
mod memory;
mod names;
mod persons;
mod projection;
mod roles;
mod rooms;
mod sessions;
mod tokens;

pub use ids::{InvitationId, PersonId, RoomId, SessionId, TokenId};
pub use invitations::{Invitation, Invitations, InvitationsTo};
pub use memberships::{
    ChangeRole, Join, Leave, Listing, Membership, Memberships, RoomListing, RoomRights, Unread,
};
pub use memory::MemoryPeople;
pub use names::{Email, Handle, InvalidName};
pub use persons::{
    Admission, ChangePerson, CreatePerson, Person, PersonChange, Persons, Recovery, SecretHash,
};
pub use projection::{RoomBatch, RoomMessage, RoomProjection};
pub use roles::{PersonRole, RoomKind, RoomRole};
pub use rooms::{CreateRoom, Room, RoomChange, Rooms};
pub use sessions::{Session, Sessions};
pub use tokens::{ApiToken, ApiTokens};

use crate::StoreError;

/// All there is to know about people and rooms.
pub trait PeopleStore:
    Persons + Sessions + ApiTokens + Rooms + Memberships + Invitations + RoomProjection
{
    /// The counter's value: the highest `version` of any row. Cheap.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn version(&self) -> Result<u64, StoreError>;

    /// The counter's value after the last step that may have changed what somebody may do: a person made or changed, a
    /// session ended, a token revoked, a room made or changed, a member come, gone or of another role. Messages, read
    /// markers, sessions begun and times of use don't move it. Cheap; sees the steps of other processes.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn rights_version(&self) -> Result<u64, StoreError>;
}
