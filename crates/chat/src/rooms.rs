//! Rooms: finding, seeing and changing them. Making one is in [`create`](self).

mod create;

use std::collections::HashSet;

use loquat_protocol::ErrorCode;
use loquat_store::people::{Membership, Person, PersonId, Room, RoomChange, RoomId, RoomKind};

use crate::{
    Actor, Chat, ChatError,
    rights::{Place, RoomAction, decide},
    text,
    turn::Turn,
    views::{ListingView, PublicRoomView, RoomView, RoomsView},
};

pub use create::NewRoom;

/// What to change about a room, as typed; `None` leaves a field as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RoomEdit {
    /// Another name.
    pub name: Option<String>,
    /// Another topic; may be empty.
    pub topic: Option<String>,
    /// Public or private.
    pub kind: Option<RoomKind>,
    /// Archived, or in use again.
    pub archived: Option<bool>,
}

impl Chat {
    /// The actor's rooms, archived ones too, with what is unread in each.
    ///
    /// # Errors
    /// The store's.
    pub fn my_rooms(&self, actor: &Actor) -> Result<RoomsView, ChatError> {
        Ok(self.store.listing(&actor.person, None)?.into())
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound` for rooms that the actor is not in.
    pub fn my_room(&self, actor: &Actor, room: &RoomId) -> Result<ListingView, ChatError> {
        let listing = self.store.listing_of(&actor.person, room)?;
        listing.map(Into::into).ok_or_else(ChatError::not_found)
    }

    /// Public rooms in use of whose name any word begins with `prefix`; by name, after that of `after`.
    ///
    /// # Errors
    /// The store's.
    pub fn public_rooms(
        &self,
        actor: &Actor,
        prefix: &str,
        after: Option<&RoomId>,
        limit: usize,
    ) -> Result<Vec<PublicRoomView>, ChatError> {
        let mine = self.store.memberships_of(&actor.person)?.into_iter();
        let mine: HashSet<RoomId> = mine.map(|membership| membership.room).collect();
        // What comes after a room tells where its name stands: of one that the actor may not see, nothing does.
        if let Some(after) = after.filter(|after| !mine.contains(*after)) {
            let found = self.store.room(after)?;
            if found.is_none_or(|room| room.kind != RoomKind::Public) {
                return Ok(Vec::new());
            }
        }
        let rooms = self.store.public_rooms(prefix, after, limit)?;
        let views = rooms
            .into_iter()
            .map(|room| PublicRoomView { joined: mine.contains(&room.id), room: room.into() });
        Ok(views.collect())
    }

    /// A room's name, topic and counts.
    ///
    /// # Errors
    /// `NotFound` when the actor may not see it.
    pub fn room(&self, actor: &Actor, room: &RoomId) -> Result<RoomView, ChatError> {
        let (room, membership) = self.require(actor, room, RoomAction::See)?;
        Ok(shown(room, membership.is_some()))
    }

    /// Every room, oldest first, after `after`, with names and counts: for administrators.
    ///
    /// # Errors
    /// `NotAdministrator`.
    pub fn all_rooms(
        &self,
        actor: &Actor,
        after: Option<&RoomId>,
        limit: usize,
    ) -> Result<Vec<RoomView>, ChatError> {
        actor.require_administrator()?;
        let rooms = self.store.all_rooms(after, limit)?;
        Ok(rooms.into_iter().map(|room| shown(room, false)).collect())
    }

    /// Changes a room. `if_version`: only if that is its version still; messages raise it too.
    ///
    /// # Errors
    /// `NotFound`, `NotPermittedInRoom`, `RoomArchived`, `DirectRoomFixed`; `NameRefused`; `VersionConflict`;
    /// `InvalidParameter` for another kind than public or private; `TooManyAttempts` for more changes than others should
    /// hear of.
    pub fn change_room(
        &self,
        actor: &Actor,
        room: &RoomId,
        edit: &RoomEdit,
        if_version: Option<u64>,
    ) -> Result<RoomView, ChatError> {
        let mut turn = self.turn_of(actor)?;
        let (before, membership) = self.require(actor, room, RoomAction::See)?;
        let actions = [
            (edit.archived.is_some(), RoomAction::Archive),
            (edit.name.is_some() || edit.topic.is_some(), RoomAction::Describe),
            (edit.kind.is_some(), RoomAction::ChangeKind),
        ];
        let place = place(actor, &before, membership.as_ref());
        // Who takes a room back into use may change it in the same step.
        let place = Place { archived: place.archived && edit.archived != Some(false), ..place };
        for (_, action) in actions.into_iter().filter(|(asked, _)| *asked) {
            decide(place, action).require()?;
        }
        if if_version.is_some_and(|version| version != before.version) {
            return Err(ErrorCode::VersionConflict.into());
        }
        let change = self.checked(edit, &before)?;
        self.limits.change(&actor.person, self.now_ms())?;
        let after = turn.step(|store| store.change_room(room, &change))?.ok_or_else(ChatError::not_found)?;
        if after.version != before.version {
            self.room_changed(&before, &after);
        }
        Ok(shown(after, membership.is_some()))
    }

    fn checked(&self, edit: &RoomEdit, before: &Room) -> Result<RoomChange, ChatError> {
        if edit.kind == Some(RoomKind::Direct) {
            let why = "a room is made direct when it is made, never later";
            return Err(ChatError::field(ErrorCode::InvalidParameter, "kind", why));
        }
        let archived_ms = edit.archived.filter(|archived| *archived != before.archived_ms.is_some());
        Ok(RoomChange {
            name: edit.name.as_deref().map(|name| text::name("name", name)).transpose()?,
            topic: edit.topic.as_deref().map(text::topic).transpose()?,
            kind: edit.kind,
            archived_ms: archived_ms.map(|archived| archived.then(|| self.now_ms())),
        })
    }

    fn room_changed(&self, before: &Room, after: &Room) {
        let archived = after.archived_ms.is_some();
        let online =
            self.live.change_places(&after.id, |place| Place { kind: after.kind, archived, ..place });
        for person in &online {
            self.tell_listing(person, &after.id);
        }
        if archived != before.archived_ms.is_some() || after.kind != before.kind {
            online.iter().for_each(|person| self.ports.rights_changed(person));
        }
    }

    /// The room and the actor's place in it, if they may do this there.
    pub(crate) fn require(
        &self,
        actor: &Actor,
        room: &RoomId,
        action: RoomAction,
    ) -> Result<(Room, Option<Membership>), ChatError> {
        let found = self.store.room(room)?.ok_or_else(ChatError::not_found)?;
        let membership = self.store.membership(room, &actor.person)?;
        decide(place(actor, &found, membership.as_ref()), action).require()?;
        Ok((found, membership))
    }

    /// Refuses one room too many.
    pub(crate) fn require_space(&self, turn: &mut Turn<'_>, person: &PersonId) -> Result<(), ChatError> {
        let rooms_max = self.options.rooms_per_person_max;
        if turn.step(|store| store.memberships_of(person))?.len() < rooms_max {
            return Ok(());
        }
        Err(ChatError::new(ErrorCode::LimitReached, format!("nobody may be in more than {rooms_max} rooms")))
    }

    /// Somebody who may become a member of something.
    pub(crate) fn active_person(&self, turn: &mut Turn<'_>, person: &PersonId) -> Result<Person, ChatError> {
        let found = turn.step(|store| store.person(person))?;
        found.filter(|person| person.deactivated_ms.is_none()).ok_or_else(ChatError::not_found)
    }
}

/// Where an actor stands to a room.
pub(crate) fn place(actor: &Actor, room: &Room, membership: Option<&Membership>) -> Place {
    Place {
        role: membership.map(|membership| membership.role),
        administrator: actor.is_administrator(),
        kind: room.kind,
        archived: room.archived_ms.is_some(),
    }
}

/// A room as it is shown: what a private one is about is for its members.
fn shown(mut room: Room, is_member: bool) -> RoomView {
    if !is_member && room.kind != RoomKind::Public {
        room.topic.clear();
        room.last_serial = None;
    }
    room.into()
}
