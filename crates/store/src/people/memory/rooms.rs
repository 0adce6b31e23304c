//! Rooms in memory.

use std::collections::BTreeSet;

use super::{MemoryPeople, RoomState, State, conflict, page};
use crate::{
    StoreError,
    people::{
        CreateRoom, Membership, PersonId, Room, RoomChange, RoomId, RoomKind, Rooms,
        matching::{Prefix, fold},
    },
};

impl State {
    fn direct_room(&self, people: &BTreeSet<PersonId>) -> Option<Room> {
        self.rooms.iter().find(|state| state.people.as_ref() == Some(people)).map(|state| state.room.clone())
    }

    fn create_room(&mut self, room: &Room, members: &[Membership]) -> Result<CreateRoom, StoreError> {
        let people: BTreeSet<PersonId> = members.iter().map(|member| member.person.clone()).collect();
        let is_known = |person: &PersonId| self.account(person).is_some();
        if self.room(&room.id).is_some()
            || people.len() < members.len()
            || members.iter().any(|member| member.room != room.id)
            || !people.iter().all(is_known)
            || !is_known(&room.created_by)
        {
            return Err(conflict(format!("the room {} cannot be made", room.id)));
        }
        let people = (room.kind == RoomKind::Direct).then_some(people);
        if let Some(found) = people.as_ref().and_then(|people| self.direct_room(people)) {
            return Ok(CreateRoom::DirectExists(found));
        }
        let version = self.next_rights_version();
        let room =
            Room { members: 0, messages: 0, last_serial: None, last_ms: None, version, ..room.clone() };
        let id = room.id.clone();
        self.rooms.push(RoomState { room, people, messages: Vec::new() });
        for member in members {
            self.add_member(&id, &member.person, member.role, member.joined_ms, version);
        }
        Ok(CreateRoom::Created(self.rooms[self.rooms.len() - 1].room.clone()))
    }

    fn change_room(&mut self, id: &RoomId, change: &RoomChange) -> Result<Option<Room>, StoreError> {
        let Some(before) = self.room(id).map(|state| state.room.clone()) else { return Ok(None) };
        let change = change.clone();
        let after = Room {
            name: change.name.unwrap_or_else(|| before.name.clone()),
            topic: change.topic.unwrap_or_else(|| before.topic.clone()),
            kind: change.kind.unwrap_or(before.kind),
            archived_ms: change.archived_ms.unwrap_or(before.archived_ms),
            ..before.clone()
        };
        if after.kind != before.kind && [after.kind, before.kind].contains(&RoomKind::Direct) {
            return Err(conflict(format!("the room {id} cannot become {}", after.kind)));
        }
        if after == before {
            return Ok(Some(before));
        }
        let after = Room { version: self.next_rights_version(), ..after };
        if let Some(state) = self.room_mut(id) {
            state.room = after.clone();
        }
        Ok(Some(after))
    }
}

impl Rooms for MemoryPeople {
    fn room(&self, id: &RoomId) -> Result<Option<Room>, StoreError> {
        Ok(self.state.lock().room(id).map(|state| state.room.clone()))
    }

    fn rooms(&self, ids: &[RoomId]) -> Result<Vec<Room>, StoreError> {
        let state = self.state.lock();
        Ok(ids.iter().filter_map(|id| state.room(id)).map(|state| state.room.clone()).collect())
    }

    fn create_room(&self, room: &Room, members: &[Membership]) -> Result<CreateRoom, StoreError> {
        let mut state = self.state.lock();
        let outcome = state.create_room(room, members);
        Self::settle(&mut state);
        outcome
    }

    fn direct_room(&self, members: &[PersonId]) -> Result<Option<Room>, StoreError> {
        Ok(self.state.lock().direct_room(&members.iter().cloned().collect()))
    }

    fn public_rooms(
        &self,
        prefix: &str,
        after: Option<&RoomId>,
        limit: usize,
    ) -> Result<Vec<Room>, StoreError> {
        let state = self.state.lock();
        let place = |room: &Room| (fold(&room.name), room.id.clone());
        let after = match after.map(|id| state.room(id)) {
            Some(None) => return Ok(Vec::new()),
            found => found.flatten().map(|state| place(&state.room)),
        };
        let prefix = Prefix::new(prefix);
        let is_sought = |room: &Room| {
            room.kind == RoomKind::Public
                && room.archived_ms.is_none()
                && prefix.begins_a_word(&fold(&room.name))
                && after.as_ref().is_none_or(|after| place(room) > *after)
        };
        let mut found: Vec<Room> =
            state.rooms.iter().map(|state| state.room.clone()).filter(is_sought).collect();
        found.sort_by_key(place);
        found.truncate(limit);
        Ok(found)
    }

    fn all_rooms(&self, after: Option<&RoomId>, limit: usize) -> Result<Vec<Room>, StoreError> {
        let state = self.state.lock();
        let rooms = state.rooms.iter().map(|state| state.room.clone());
        Ok(page(rooms, after, limit, |room| room.id.clone()))
    }

    fn count_rooms(&self) -> Result<u64, StoreError> {
        Ok(self.state.lock().rooms.len() as u64)
    }

    fn change_room(&self, id: &RoomId, change: &RoomChange) -> Result<Option<Room>, StoreError> {
        let mut state = self.state.lock();
        let outcome = state.change_room(id, change);
        Self::settle(&mut state);
        outcome
    }
}
