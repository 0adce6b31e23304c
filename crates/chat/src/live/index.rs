//! Who is here, and which rooms they are in.

use std::{
    collections::HashMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use loquat_store::people::{PersonId, RoomId};
use parking_lot::RwLock;

use super::LivePerson;
use crate::limits::Limits;

/// The table's two ways in. Entries are weak and marked with the number of their person's stay, because somebody may
/// come again while the end of their last stay is still being tidied up.
pub(super) struct Index {
    limits: Arc<Limits>,
    stays: AtomicU64,
    people: RwLock<HashMap<PersonId, (u64, Weak<LivePerson>)>>,
    rooms: RwLock<HashMap<RoomId, HashMap<PersonId, u64>>>,
}

impl Index {
    pub fn new(limits: Arc<Limits>) -> Self {
        Self { limits, stays: AtomicU64::default(), people: RwLock::default(), rooms: RwLock::default() }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    pub fn person(&self, id: &PersonId) -> Option<Arc<LivePerson>> {
        let entry = self.people.read().get(id).map(|(_, live)| Weak::clone(live));
        // Outside of the lock: if this is the last hold on the person, letting go of it takes the lock.
        entry.and_then(|live| live.upgrade())
    }

    pub fn person_or_new(self: &Arc<Self>, id: &PersonId) -> Arc<LivePerson> {
        if let Some(live) = self.person(id) {
            return live;
        }
        let mut people = self.people.write();
        if let Some(live) = people.get(id).and_then(|(_, live)| live.upgrade()) {
            drop(people);
            return live;
        }
        let stay = self.stays.fetch_add(1, Ordering::Relaxed);
        let live = Arc::new(LivePerson::new(id.clone(), stay, Arc::clone(self)));
        people.insert(id.clone(), (stay, Arc::downgrade(&live)));
        live
    }

    pub fn everybody(&self) -> Vec<PersonId> {
        self.people.read().keys().cloned().collect()
    }

    pub fn online(&self, room: &RoomId) -> Vec<PersonId> {
        self.rooms.read().get(room).map_or_else(Vec::new, |people| people.keys().cloned().collect())
    }

    pub fn enter(&self, room: &RoomId, person: &PersonId, stay: u64) {
        self.rooms.write().entry(room.clone()).or_default().insert(person.clone(), stay);
    }

    pub fn leave<'a>(&self, rooms: impl Iterator<Item = &'a RoomId>, person: &PersonId, stay: u64) {
        let mut index = self.rooms.write();
        for room in rooms {
            let Some(people) = index.get_mut(room) else { continue };
            if people.get(person) == Some(&stay) {
                people.remove(person);
            }
            if people.is_empty() {
                index.remove(room);
            }
        }
    }

    pub fn depart(&self, person: &PersonId, stay: u64) {
        let mut people = self.people.write();
        if people.get(person).is_some_and(|(current, _)| *current == stay) {
            people.remove(person);
        }
    }
}
