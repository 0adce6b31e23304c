//! Rooms, members, and what has been read.

use loquat_store::people::{
    Listing, Membership, Person, PersonId, Room, RoomId, RoomKind, RoomListing, RoomRole, Unread,
};
use serde::Serialize;

use super::PersonView;

/// A room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Room))]
pub struct RoomView {
    /// Its id; its channel is `<id>::$chat`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "r_aaaaaaaaaaaaaaaa"))]
    pub id: RoomId,
    /// Who finds it.
    #[cfg_attr(feature = "openapi", schema(value_type = super::schema::RoomKind))]
    pub kind: RoomKind,
    /// What it is called; empty for a direct room.
    pub name: String,
    /// What it is about.
    pub topic: String,
    /// Who made it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub created_by: PersonId,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
    /// Since when nobody writes to it, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub archived_ms: Option<u64>,
    /// How many members it has.
    pub members: u32,
    /// How many messages it has.
    pub messages: u64,
    /// The serial of the newest.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub last_serial: Option<String>,
    /// The time of the newest, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub last_ms: Option<u64>,
    /// Rises with every change, message, and member come or gone.
    pub version: u64,
}

impl From<Room> for RoomView {
    fn from(room: Room) -> Self {
        Self {
            id: room.id,
            kind: room.kind,
            name: room.name,
            topic: room.topic,
            created_by: room.created_by,
            created_ms: room.created_ms,
            archived_ms: room.archived_ms,
            members: room.members,
            messages: room.messages,
            last_serial: room.last_serial,
            last_ms: room.last_ms,
            version: room.version,
        }
    }
}

/// A person's own place in a room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Membership))]
pub struct MembershipView {
    /// The room.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub room: RoomId,
    /// The person.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub person: PersonId,
    /// What they are to the room.
    #[cfg_attr(feature = "openapi", schema(value_type = super::schema::RoomRole))]
    pub role: RoomRole,
    /// Since when, milliseconds since 1970.
    pub joined_ms: u64,
    /// The newest message that they have read; `null`: none.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub read_serial: Option<String>,
    /// Rises with every change of the role or the marker.
    pub version: u64,
}

impl From<Membership> for MembershipView {
    fn from(membership: Membership) -> Self {
        let Membership { room, person, role, joined_ms, read_serial, version, .. } = membership;
        Self { room, person, role, joined_ms, read_serial, version }
    }
}

/// What a person has not read in a room.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Unread))]
pub struct UnreadView {
    /// Messages by others.
    pub unread: u64,
    /// Those among them that mention the person, by name or as one of all.
    pub mentions: u64,
}

impl From<Unread> for UnreadView {
    fn from(Unread { unread, mentions }: Unread) -> Self {
        Self { unread, mentions }
    }
}

/// A room as one of its members sees it in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RoomListing))]
pub struct ListingView {
    /// The room.
    pub room: RoomView,
    /// The person's own place in it.
    pub membership: MembershipView,
    /// What is new to them.
    pub unread: UnreadView,
    /// Of a direct room: the other members, at most 8. Empty for other rooms.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub others: Vec<PersonId>,
}

impl From<RoomListing> for ListingView {
    fn from(RoomListing { room, membership, unread, others }: RoomListing) -> Self {
        Self { room: room.into(), membership: membership.into(), unread: unread.into(), others }
    }
}

/// A person's rooms as of one moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RoomListings))]
pub struct RoomsView {
    /// The rooms, oldest first.
    pub items: Vec<ListingView>,
    /// Events of a higher version are newer than this.
    pub version: u64,
}

impl From<Listing> for RoomsView {
    fn from(Listing { rooms, version }: Listing) -> Self {
        Self { items: rooms.into_iter().map(Into::into).collect(), version }
    }
}

/// A room that everybody may join.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PublicRoom))]
pub struct PublicRoomView {
    /// The room.
    pub room: RoomView,
    /// Whether one is a member already.
    pub joined: bool,
}

/// A member of a room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Member))]
pub struct MemberView {
    /// Who.
    pub person: PersonView,
    /// What they are to the room.
    #[cfg_attr(feature = "openapi", schema(value_type = super::schema::RoomRole))]
    pub role: RoomRole,
    /// Since when, milliseconds since 1970.
    pub joined_ms: u64,
    /// Rises with every change of the membership.
    pub version: u64,
}

impl MemberView {
    pub(crate) fn new(membership: &Membership, person: &Person) -> Self {
        Self {
            person: person.into(),
            role: membership.role,
            joined_ms: membership.joined_ms,
            version: membership.version,
        }
    }
}

/// How far a person has read in a room, and what is left.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReadState))]
pub struct ReadView {
    /// The room.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub room: RoomId,
    /// The newest message that they have read; `null`: none.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub read_serial: Option<String>,
    /// Messages by others after it.
    pub unread: u64,
    /// Those among them that mention the person.
    pub mentions: u64,
    /// The membership's version.
    pub version: u64,
}

impl ReadView {
    pub(crate) fn new(membership: Membership, Unread { unread, mentions }: Unread) -> Self {
        let Membership { room, read_serial, version, .. } = membership;
        Self { room, read_serial, unread, mentions, version }
    }
}
