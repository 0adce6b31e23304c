//! What becomes of members, as open connections notice it.

use loquat_store::people::{Membership, PersonId, Room};

use crate::{Chat, events::Event};

impl Chat {
    /// Somebody is no longer in a room.
    pub(super) fn member_left(&self, person: &PersonId, room: &Room) {
        self.live.set_place(person, &room.id, None);
        self.ports.rights_changed(person);
        self.tell([person], &Event::RoomRemoved { room: room.id.clone(), version: room.version });
        let gone = Event::MemberChanged {
            room: room.id.clone(),
            person: person.clone(),
            role: None,
            members: room.members,
            version: room.version,
        };
        self.tell(&self.live.online(&room.id), &gone);
    }

    /// Tells a room's members of one who has come, and who that is: those who shared no room with them until now have
    /// heard of no change of theirs.
    pub(crate) fn tell_newcomer(&self, membership: &Membership) {
        self.tell_members(membership);
        let online = self.live.online(&membership.room);
        if online.is_empty() {
            return;
        }
        match self.store.person(&membership.person) {
            Ok(Some(person)) => self.tell(&online, &Event::PersonChanged { person: (&person).into() }),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "an event about a person is missing"),
        }
    }

    /// Tells a room's members of one who has come or is of another role, who hears of it too.
    pub(super) fn tell_members(&self, membership: &Membership) {
        let online = self.live.online(&membership.room);
        if online.is_empty() {
            return;
        }
        let room = match self.store.room(&membership.room) {
            Ok(Some(room)) => room,
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, "an event about a member is missing"),
        };
        let event = Event::MemberChanged {
            room: room.id,
            person: membership.person.clone(),
            role: Some(membership.role),
            members: room.members,
            version: membership.version.max(room.version),
        };
        self.tell(&online, &event);
    }
}
