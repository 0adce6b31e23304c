//! One person with open connections.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use loquat_auth::Standing;
use loquat_protocol::Operations;
use loquat_store::people::{PersonId, RoomId};
use parking_lot::{Mutex, MutexGuard, RwLock};

use super::{Index, SessionStanding};
use crate::rights::{Place, operations};

/// A person's places, and the standings that they act by. Ends with the last standing.
pub(super) struct LivePerson {
    id: PersonId,
    stay: u64,
    index: Arc<Index>,
    gate: Mutex<()>,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    is_loaded: bool,
    /// By the room's id as text, as channels name it.
    places: HashMap<Box<str>, InRoom>,
    /// By the id of the session or token; as many as are acted by, and a few that are gone.
    standings: HashMap<Box<str>, Weak<SessionStanding>>,
}

/// A person's place in a room, and what it comes to: asked at every operation, it is worked out once.
#[derive(PartialEq)]
struct InRoom {
    room: RoomId,
    place: Place,
    operations: Operations,
}

impl InRoom {
    fn new(room: RoomId, place: Place) -> Self {
        Self { room, place, operations: operations(place) }
    }
}

impl LivePerson {
    pub fn new(id: PersonId, stay: u64, index: Arc<Index>) -> Self {
        Self { id, stay, index, gate: Mutex::new(()), state: RwLock::default() }
    }

    pub fn id(&self) -> &PersonId {
        &self.id
    }

    /// Counts messages that they are about to publish; in how many milliseconds they may, if not now.
    pub fn admit(&self, messages: usize, now_ms: u64) -> Result<(), u64> {
        self.index.limits().messages(&self.id, messages, now_ms)
    }

    /// The same for presence and ephemeral messages.
    pub fn admit_passing(&self, items: usize, now_ms: u64) -> Result<(), u64> {
        self.index.limits().passing(&self.id, items, now_ms)
    }

    /// Keeps changes out while the store is read.
    pub fn gate(&self) -> MutexGuard<'_, ()> {
        self.gate.lock()
    }

    pub fn is_loaded(&self) -> bool {
        self.state.read().is_loaded
    }

    pub fn operations(&self, room: &str) -> Operations {
        self.state.read().places.get(room).map_or(Operations::NONE, |own| own.operations)
    }

    /// Takes over what the store says; whether anything differs. The caller has the gate.
    pub fn load(&self, places: Vec<(RoomId, Place)>) -> bool {
        let places: HashMap<Box<str>, InRoom> = places
            .into_iter()
            .map(|(room, place)| (room.as_str().into(), InRoom::new(room, place)))
            .collect();
        let mut state = self.state.write();
        let differs = !state.is_loaded || state.places != places;
        let gone = state.places.iter().filter(|(room, _)| !places.contains_key(*room));
        self.index.leave(gone.map(|(_, own)| &own.room), &self.id, self.stay);
        for own in places.values() {
            self.index.enter(&own.room, &self.id, self.stay);
        }
        *state = State { is_loaded: true, places, standings: std::mem::take(&mut state.standings) };
        differs
    }

    pub fn set_place(&self, room: &RoomId, place: Option<Place>) {
        let _gate = self.gate.lock();
        let mut state = self.state.write();
        match place {
            Some(place) => {
                state.places.insert(room.as_str().into(), InRoom::new(room.clone(), place));
                self.index.enter(room, &self.id, self.stay);
            }
            None => {
                state.places.remove(room.as_str());
                self.index.leave(std::iter::once(room), &self.id, self.stay);
            }
        }
    }

    pub fn change_place(&self, room: &RoomId, change: impl Fn(Place) -> Place) {
        let _gate = self.gate.lock();
        if let Some(own) = self.state.write().places.get_mut(room.as_str()) {
            *own = InRoom::new(room.clone(), change(own.place));
        }
    }

    /// A standing that is acted by already. One that has ended is none: who was deactivated and is back stands by a new
    /// one, if the session or token still is.
    pub fn known(&self, credential: &str) -> Option<Arc<SessionStanding>> {
        let standing = self.state.read().standings.get(credential).cloned();
        standing.and_then(|standing| standing.upgrade()).filter(|standing| standing.revoked().is_none())
    }

    /// The caller has the gate, and has found the session or token in the store.
    pub fn stand(self: &Arc<Self>, credential: &str) -> Arc<SessionStanding> {
        let standing = Arc::new(SessionStanding::new(Arc::clone(self)));
        let mut state = self.state.write();
        state.standings.retain(|_, standing| standing.strong_count() > 0);
        state.standings.insert(credential.into(), Arc::downgrade(&standing));
        standing
    }

    pub fn revoke(&self, ends: impl Fn(&str) -> bool) {
        let _gate = self.gate.lock();
        self.revoke_within_gate(ends);
    }

    pub fn revoke_within_gate(&self, ends: impl Fn(&str) -> bool) -> bool {
        let standings: Vec<_> = {
            let state = self.state.read();
            let ending = state.standings.iter().filter(|(credential, _)| ends(credential));
            ending.map(|(_, standing)| Weak::clone(standing)).collect()
        };
        // Upgraded outside of the lock, which the end of the last standing needs.
        let mut any = false;
        for standing in standings.iter().filter_map(Weak::upgrade) {
            any |= standing.revoke();
        }
        any
    }
}

impl Drop for LivePerson {
    fn drop(&mut self) {
        self.index.depart(&self.id, self.stay);
        let state = self.state.get_mut();
        self.index.leave(state.places.values().map(|own| &own.room), &self.id, self.stay);
    }
}
