//! Who is meant by a handle. Remembered for one batch: handles and members change between batches.

use std::collections::HashMap;

use loquat_store::{
    StoreError,
    people::{Handle, PeopleStore, PersonId, RoomId},
};

pub(super) struct Resolver<'a> {
    store: &'a dyn PeopleStore,
    rooms: HashMap<RoomId, bool>,
    people: HashMap<Handle, Option<PersonId>>,
    members: HashMap<(RoomId, PersonId), bool>,
}

impl<'a> Resolver<'a> {
    pub fn new(store: &'a dyn PeopleStore) -> Self {
        Self { store, rooms: HashMap::new(), people: HashMap::new(), members: HashMap::new() }
    }

    pub fn is_room(&mut self, room: &RoomId) -> Result<bool, StoreError> {
        if let Some(known) = self.rooms.get(room) {
            return Ok(*known);
        }
        let is_room = self.store.room(room)?.is_some();
        self.rooms.insert(room.clone(), is_room);
        Ok(is_room)
    }

    /// The member of a room who has a handle.
    pub fn member(&mut self, room: &RoomId, handle: &Handle) -> Result<Option<PersonId>, StoreError> {
        let person = match self.people.get(handle) {
            Some(known) => known.clone(),
            None => {
                let found = self.store.person_by_handle(handle)?.map(|person| person.id);
                self.people.insert(handle.clone(), found.clone());
                found
            }
        };
        let Some(person) = person else { return Ok(None) };
        let key = (room.clone(), person);
        let is_member = match self.members.get(&key) {
            Some(known) => *known,
            None => {
                let is_member = self.store.membership(room, &key.1)?.is_some();
                self.members.insert(key.clone(), is_member);
                is_member
            }
        };
        Ok(is_member.then_some(key.1))
    }
}
