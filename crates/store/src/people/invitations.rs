//! Links that let people in.

use super::{InvitationId, PersonId, RoomId, SecretHash};
use crate::StoreError;

/// An invitation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// Its id, which may be shown.
    pub id: InvitationId,
    /// The SHA-256 of the code in its link.
    pub code_hash: SecretHash,
    /// To which room; `None`: to the server.
    pub room: Option<RoomId>,
    /// Who made it.
    pub created_by: PersonId,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
    /// When it ends by itself, milliseconds since 1970.
    pub expires_ms: Option<u64>,
    /// How often it may be used.
    pub uses_max: Option<u32>,
    /// How often it was; counted by the store.
    pub uses: u32,
    /// When it was revoked, milliseconds since 1970.
    pub revoked_ms: Option<u64>,
}

impl Invitation {
    /// Whether it lets somebody in at a time.
    pub fn is_open(&self, now_ms: u64) -> bool {
        self.revoked_ms.is_none()
            && self.expires_ms.is_none_or(|expires_ms| now_ms < expires_ms)
            && self.uses_max.is_none_or(|uses_max| self.uses < uses_max)
    }
}

/// Which invitations, by where they lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvitationsTo<'a> {
    /// To a room.
    Room(&'a RoomId),
    /// To the server.
    Server,
    /// All of them.
    Anywhere,
}

impl InvitationsTo<'_> {
    /// Whether an invitation to `room`, or without one to the server, is among them.
    pub fn contains(self, room: Option<&RoomId>) -> bool {
        match self {
            Self::Room(own) => room == Some(own),
            Self::Server => room.is_none(),
            Self::Anywhere => true,
        }
    }
}

/// Invitations. Uses are taken by [`Memberships::join`](super::Memberships::join) and
/// [`Persons::create_person`](super::Persons::create_person).
pub trait Invitations: Send + Sync + 'static {
    /// Adds an invitation, not yet used.
    ///
    /// # Errors
    /// `Conflict` when the id or the code exists, or the person or the room does not. See [`StoreError`]; so below.
    fn create_invitation(&self, invitation: &Invitation) -> Result<(), StoreError>;

    /// The invitation of a code, open or not.
    fn invitation_by_code(&self, code_hash: &SecretHash) -> Result<Option<Invitation>, StoreError>;

    /// The invitations to a room, open or not, newest first, beginning after `after`, at most `limit`. An `after` that
    /// doesn't exist gives none.
    fn invitations_of_room(
        &self,
        room: &RoomId,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError>;

    /// The invitations to the server, likewise.
    fn server_invitations(
        &self,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError>;

    /// How many invitations to a room, or without one to the server, are open at a time; see [`Invitation::is_open`].
    fn count_open_invitations(&self, room: Option<&RoomId>, now_ms: u64) -> Result<u64, StoreError>;

    /// Revokes what somebody has made and what is not revoked, in one step; how many those were.
    fn revoke_invitations_by(
        &self,
        created_by: &PersonId,
        to: InvitationsTo<'_>,
        at_ms: u64,
    ) -> Result<u64, StoreError>;

    /// An invitation.
    fn invitation(&self, id: &InvitationId) -> Result<Option<Invitation>, StoreError>;

    /// Revokes an invitation; `false` when there is none or it was revoked before.
    fn revoke_invitation(&self, id: &InvitationId, at_ms: u64) -> Result<bool, StoreError>;
}
