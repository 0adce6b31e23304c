//! Who is in which room, and how far they have read.

use super::{InvitationId, Person, PersonId, Room, RoomId, RoomKind, RoomRole};
use crate::StoreError;

/// A person's place in a room, with their read marker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// The room.
    pub room: RoomId,
    /// The person.
    pub person: PersonId,
    /// What they are to the room.
    pub role: RoomRole,
    /// Since when, milliseconds since 1970.
    pub joined_ms: u64,
    /// The newest message that they have read; given by the store.
    pub read_serial: Option<String>,
    /// How many messages of the room are up to there; given by the store.
    pub read_messages: u64,
    /// How many of those are their own; given by the store.
    pub read_own: u64,
    /// The store's counter when the row was written last: the role or the marker; given by the store.
    pub version: u64,
}

/// What a person has not read in a room. Law: equal to a recount, over the room's projected messages after the marker,
/// of those by others; and of those among them that mention the person or all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Unread {
    /// Messages by others.
    pub unread: u64,
    /// Those that mention the person, by name or as one of all.
    pub mentions: u64,
}

/// A room as one of its members sees it in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomListing {
    /// The room.
    pub room: Room,
    /// The person's place in it.
    pub membership: Membership,
    /// What is new to them.
    pub unread: Unread,
    /// Of a direct room: the other members, by id, at most 8. Empty for other rooms.
    pub others: Vec<PersonId>,
}

impl RoomListing {
    /// The version of the listing: whatever changes it raises it.
    pub fn version(&self) -> u64 {
        self.room.version.max(self.membership.version)
    }
}

/// A person's rooms as of one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// The rooms, oldest first.
    pub rooms: Vec<RoomListing>,
    /// The store's counter at that moment: later changes have higher versions.
    pub version: u64,
}

/// What decides about a person's rights in a room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomRights {
    /// The room.
    pub room: RoomId,
    /// Its kind.
    pub kind: RoomKind,
    /// Whether it is archived.
    pub archived: bool,
    /// The person's role.
    pub role: RoomRole,
}

/// What became of somebody who wants in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Join {
    /// They are a member; everything projected so far counts as read.
    Joined(Membership),
    /// They were one before; nothing changed, and no use of the invitation was taken.
    Already,
    /// The invitation is unknown, of another room, revoked, expired or used up.
    InvitationUsedUp,
    /// There is no such room or person.
    Absent,
    /// The room is direct: its people are fixed.
    Fixed,
}

/// What became of a change of role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeRole {
    /// The membership as it is now; also when nothing differs, and then with the version that it had.
    Changed(Membership),
    /// They are no member.
    Absent,
    /// The room would have no owner.
    LastOwner,
}

/// What became of somebody who goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leave {
    /// They are gone; the room as it is now. Its version is that of the change. If nobody is left, it is archived.
    Left(Room),
    /// They were no member.
    Absent,
    /// Others would be left without an owner.
    LastOwner,
    /// The room is direct: its people are fixed.
    Fixed,
}

/// Who is in which room. Law: a room with members has an owner, if it was made with one; direct rooms aside.
pub trait Memberships: Send + Sync + 'static {
    /// A person's place in a room.
    ///
    /// # Errors
    /// See [`StoreError`]; so below.
    fn membership(&self, room: &RoomId, person: &PersonId) -> Result<Option<Membership>, StoreError>;

    /// What decides about a person's rights, for each of their rooms, oldest room first.
    fn memberships_of(&self, person: &PersonId) -> Result<Vec<RoomRights>, StoreError>;

    /// The rooms of a person with what is unread in each, archived ones too; with `after_version`, those whose
    /// [`RoomListing::version`] is above it. One snapshot, and the same cost at any number of unread messages.
    fn listing(&self, person: &PersonId, after_version: Option<u64>) -> Result<Listing, StoreError>;

    /// One room of a person's listing; `None` when they are no member.
    fn listing_of(&self, person: &PersonId, room: &RoomId) -> Result<Option<RoomListing>, StoreError>;

    /// The members of a room, in the order in which their accounts were made, beginning after `after`, at most `limit`.
    /// An `after` that doesn't exist gives nobody.
    fn members_of(
        &self,
        room: &RoomId,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<(Membership, Person)>, StoreError>;

    /// Makes somebody a member; the marker and version are given by the store. With an invitation, one use of it is
    /// taken in the same step; it must be of the room, and not revoked, used up or expired at `joined_ms`. Law: an
    /// invitation is never used more often than it may be, however many try at once.
    fn join(&self, membership: &Membership, invitation: Option<&InvitationId>) -> Result<Join, StoreError>;

    /// Changes a role.
    fn change_role(&self, room: &RoomId, person: &PersonId, role: RoomRole)
    -> Result<ChangeRole, StoreError>;

    /// Ends a membership. The last owner may not leave others behind; the last member of all may leave, and the room
    /// is then archived as of `at_ms` in the same step. Whether their role restricted them is remembered, see
    /// [`Self::left_restricted`].
    fn leave(&self, room: &RoomId, person: &PersonId, at_ms: u64) -> Result<Leave, StoreError>;

    /// Whether somebody's role restricted them (see [`RoomRole::restricts`]) when they left the room last; also while
    /// they are a member again.
    fn left_restricted(&self, room: &RoomId, person: &PersonId) -> Result<bool, StoreError>;

    /// Moves a person's read marker to the newest projected message at or before `serial` (`None`: the newest of all);
    /// back only when `backwards` says so. The membership as it is now, also when nothing moved, and then with the
    /// version that it had; `None` when they are no member. Need not be durable.
    fn mark_read(
        &self,
        room: &RoomId,
        person: &PersonId,
        serial: Option<&str>,
        backwards: bool,
    ) -> Result<Option<(Membership, Unread)>, StoreError>;

    /// What a person has not read in a room; zeros when they are no member.
    fn unread(&self, room: &RoomId, person: &PersonId) -> Result<Unread, StoreError>;

    /// The same for several people, in the order given, as of one moment.
    fn unread_of_many(&self, room: &RoomId, people: &[PersonId]) -> Result<Vec<Unread>, StoreError>;
}
