//! The oracle: people and rooms in memory, too simple to be wrong. What is unread is counted message by message.
//!
//! It forgets everything with the process, so "durable" means nothing here but that something durable was done.

mod invitations;
mod memberships;
mod persons;
mod projection;
mod rooms;
mod sessions;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use loquat_protocol::PartitionId;
use parking_lot::Mutex;

use super::{
    ApiToken, Invitation, InvitationId, Membership, PeopleStore, Person, PersonId, Room, RoomId, RoomMessage,
    SecretHash, Session, SessionId, TokenId,
};
use crate::{StoreError, StoreErrorKind};

/// People and rooms in memory.
#[derive(Default)]
pub struct MemoryPeople {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    version: u64,
    rights_version: u64,
    /// In the order in which they were made; so are rooms and invitations.
    people: Vec<Account>,
    sessions: BTreeMap<SessionId, Session>,
    tokens: BTreeMap<TokenId, ApiToken>,
    rooms: Vec<RoomState>,
    memberships: BTreeMap<(RoomId, PersonId), Membership>,
    /// Who was restricted when they left.
    restricted: BTreeSet<(RoomId, PersonId)>,
    invitations: Vec<Invitation>,
    cursors: BTreeMap<PartitionId, RoomCursor>,
}

struct Account {
    person: Person,
    password_hash: String,
    reset: Option<(SecretHash, u64)>,
    recovery_ms: Option<u64>,
}

struct RoomState {
    room: Room,
    /// The people of a direct room.
    people: Option<BTreeSet<PersonId>>,
    messages: Vec<RoomMessage>,
}

#[derive(Clone, Copy, Default)]
struct RoomCursor {
    seq: u64,
    durable_seq: u64,
}

fn conflict(message: impl Into<String>) -> StoreError {
    StoreError::new(StoreErrorKind::Conflict, message.into())
}

impl MemoryPeople {
    /// Nobody and nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A step that would be durable; what was applied before is then durable too.
    fn settle(state: &mut State) {
        state.cursors.values_mut().for_each(|cursor| cursor.durable_seq = cursor.seq);
    }
}

impl PeopleStore for MemoryPeople {
    fn version(&self) -> Result<u64, StoreError> {
        Ok(self.state.lock().version)
    }

    fn rights_version(&self) -> Result<u64, StoreError> {
        Ok(self.state.lock().rights_version)
    }
}

impl State {
    /// The next value of the counter, for a step that touches nobody's rights.
    fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    /// The next value of the counter, for a step that may touch somebody's rights.
    fn next_rights_version(&mut self) -> u64 {
        self.rights_version = self.next_version();
        self.rights_version
    }

    fn account(&self, id: &PersonId) -> Option<&Account> {
        self.people.iter().find(|account| account.person.id == *id)
    }

    fn account_mut(&mut self, id: &PersonId) -> Option<&mut Account> {
        self.people.iter_mut().find(|account| account.person.id == *id)
    }

    fn person(&self, id: &PersonId) -> Option<Person> {
        self.account(id).map(|account| account.person.clone())
    }

    fn room(&self, id: &RoomId) -> Option<&RoomState> {
        self.rooms.iter().find(|state| state.room.id == *id)
    }

    fn room_mut(&mut self, id: &RoomId) -> Option<&mut RoomState> {
        self.rooms.iter_mut().find(|state| state.room.id == *id)
    }

    fn members(&self, room: &RoomId) -> impl Iterator<Item = &Membership> {
        self.memberships.values().filter(move |membership| membership.room == *room)
    }

    /// Takes one use of an invitation that is open; `None` when it is not.
    fn take_use(&mut self, id: &InvitationId, now_ms: u64) -> Option<Invitation> {
        let invitation = self.invitations.iter_mut().find(|invitation| invitation.id == *id)?;
        if !invitation.is_open(now_ms) {
            return None;
        }
        invitation.uses += 1;
        Some(invitation.clone())
    }
}

/// A page of a list: what follows `after`, at most `limit`.
fn page<T, K: PartialEq>(
    all: impl Iterator<Item = T>,
    after: Option<&K>,
    limit: usize,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut begun = after.is_none();
    let mut rest = Vec::new();
    for item in all {
        if begun {
            rest.push(item);
        } else {
            begun = after.is_some_and(|after| key(&item) == *after);
        }
    }
    rest.truncate(limit);
    rest
}
