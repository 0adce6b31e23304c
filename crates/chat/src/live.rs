//! Who acts by open connections, and what they may do at this moment: the answers that realtime operations are
//! authorised by, held in memory because they are asked at each of them.
//!
//! A person is here from their first standing to the last; so the table is as large as there are connections. It is
//! filled from the store when a person comes and brought up to date after each change, before the change is
//! acknowledged. Changes come one at a time ([`crate::Chat`] sees to it); loading runs beside them: whoever loads has
//! put the person into the table before reading, and a change waits for a loading person, so neither misses the other.
//!
//! Locks, in their order: a person's gate, a person's state, the index. None but the gate is held while the store is
//! asked, and connections wait for a gate only when their person is being loaded.

mod index;
mod load;
mod person;
mod standing;

use std::sync::Arc;

use loquat_auth::{PersonStandings, Standing};
use loquat_protocol::{ErrorCode, ErrorInfo};
use loquat_store::people::{PeopleStore, PersonId, RoomId};

use crate::{Clock, limits::Limits, rights::Place};
use index::Index;
use person::LivePerson;
pub(crate) use standing::SessionStanding;

/// The people with open connections.
pub(crate) struct Live {
    store: Arc<dyn PeopleStore>,
    clock: Clock,
    index: Arc<Index>,
}

impl Live {
    pub fn new(store: Arc<dyn PeopleStore>, clock: Clock, limits: Arc<Limits>) -> Self {
        Self { store, clock, index: Arc::new(Index::new(limits)) }
    }

    /// Whether a person has an open connection.
    pub fn is_online(&self, person: &PersonId) -> bool {
        self.index.person(person).is_some()
    }

    /// The members of a room who have open connections, in no order.
    pub fn online(&self, room: &RoomId) -> Vec<PersonId> {
        self.index.online(room)
    }

    /// Everybody with open connections.
    pub fn everybody(&self) -> Vec<PersonId> {
        self.index.everybody()
    }

    /// What became of a person's place in a room.
    pub fn set_place(&self, person: &PersonId, room: &RoomId, place: Option<Place>) {
        if let Some(live) = self.index.person(person) {
            live.set_place(room, place);
        }
    }

    /// What became of a room, for each of its members: `change` is given what their place was.
    pub fn change_places(&self, room: &RoomId, change: impl Fn(Place) -> Place) -> Vec<PersonId> {
        let online = self.online(room);
        for person in &online {
            self.change_place(person, room, &change);
        }
        online
    }

    /// The same for one of them.
    pub fn change_place(&self, person: &PersonId, room: &RoomId, change: impl Fn(Place) -> Place) {
        if let Some(live) = self.index.person(person) {
            live.change_place(room, change);
        }
    }

    /// Ends standings of a person: those of the sessions and tokens that `ends` picks by their id.
    pub fn revoke(&self, person: &PersonId, ends: impl Fn(&str) -> bool) {
        if let Some(live) = self.index.person(person) {
            live.revoke(ends);
        }
    }

    /// A standing, from memory or the store.
    ///
    /// # Errors
    /// 40141 when the session or token has ended or the person is deactivated; 50003 when the store fails.
    pub fn stand(&self, person: &PersonId, credential: &str) -> Result<Arc<SessionStanding>, ErrorInfo> {
        let live = self.index.person_or_new(person);
        match live.known(credential) {
            Some(standing) => Ok(standing),
            None => self.load(&live, credential),
        }
    }
}

impl PersonStandings for Live {
    fn standing(&self, person: &str, session: &str) -> Result<Arc<dyn Standing>, ErrorInfo> {
        let person = PersonId::parse(person).map_err(|_| revoked())?;
        Ok(self.stand(&person, session)?)
    }
}

/// What a connection is told whose session has ended.
fn revoked() -> ErrorInfo {
    ErrorInfo::new(ErrorCode::TokenRevoked, "the session has ended: sign in again")
}
