//! What open connections are told of changes, on each person's own channel: the message's name is the event's, its data
//! JSON. Values are absolute and carry the version of the row that they come from, so an event that comes twice or late
//! does no harm: what has a higher version is newer.

use loquat_store::people::{PersonId, RoomId, RoomRole, SessionId};
use serde::Serialize;

use crate::{
    Chat,
    views::{ListingView, PersonView},
};

/// An event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// `room.changed`: a room that one is in has changed, or one's place in it; or one is in it from now on.
    RoomChanged {
        /// All of it.
        listing: ListingView,
    },
    /// `room.removed`: one is no longer in a room.
    RoomRemoved {
        /// The room.
        room: RoomId,
        /// Since when.
        version: u64,
    },
    /// `room.activity`: a room has new messages, or one has read some.
    RoomActivity {
        /// The room.
        room: RoomId,
        /// How many messages it has.
        messages: u64,
        /// The serial of the newest.
        last_serial: Option<String>,
        /// The time of the newest, milliseconds since 1970.
        last_ms: Option<u64>,
        /// Messages by others that one has not read.
        unread: u64,
        /// Those among them that mention one.
        mentions: u64,
        /// Whether one of the new ones does.
        mentioned: bool,
        /// As of when.
        version: u64,
    },
    /// `person.changed`: somebody with whom one shares a room has changed, or oneself.
    PersonChanged {
        /// They.
        person: PersonView,
    },
    /// `session.ended`: one of one's own sessions has ended.
    SessionEnded {
        /// Which.
        session: SessionId,
    },
    /// `member.changed`: somebody in a room that one is in has come, gone, or is of another role.
    MemberChanged {
        /// The room.
        room: RoomId,
        /// Who.
        person: PersonId,
        /// What they are now; `null`: gone.
        role: Option<RoomRole>,
        /// How many members the room has.
        members: u32,
        /// As of when.
        version: u64,
    },
}

impl Event {
    /// The message's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RoomChanged { .. } => "room.changed",
            Self::RoomRemoved { .. } => "room.removed",
            Self::RoomActivity { .. } => "room.activity",
            Self::PersonChanged { .. } => "person.changed",
            Self::SessionEnded { .. } => "session.ended",
            Self::MemberChanged { .. } => "member.changed",
        }
    }
}

impl Chat {
    /// Tells people of something that is the same for each of them.
    pub(crate) fn tell<'a>(&self, people: impl IntoIterator<Item = &'a PersonId>, event: &Event) {
        let Ok(data) = serde_json::to_string(event) else { return };
        for person in people {
            self.ports.publish_event(person, event.name(), &data);
        }
    }

    /// Tells one person of a room that they are in, if they are there to hear it. The change itself is made: a store that
    /// fails here is noted, and the person's next snapshot has it.
    pub(crate) fn tell_listing(&self, person: &PersonId, room: &RoomId) {
        if !self.live.is_online(person) {
            return;
        }
        match self.store.listing_of(person, room) {
            Ok(Some(listing)) => self.tell([person], &Event::RoomChanged { listing: listing.into() }),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "an event about a room is missing"),
        }
    }
}
