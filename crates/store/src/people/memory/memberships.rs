//! Memberships and read markers in memory.

use super::{MemoryPeople, RoomState, State, page};
use crate::{
    StoreError,
    people::{
        ChangeRole, InvitationId, Join, Leave, Listing, Membership, Memberships, Person, PersonId, Room,
        RoomId, RoomKind, RoomListing, RoomMessage, RoomRights, RoomRole, Unread,
    },
};

/// Most other members of a direct room that a listing names.
const OTHERS_MAX: usize = 8;

impl RoomState {
    fn up_to<'a>(&'a self, serial: Option<&'a str>) -> impl Iterator<Item = &'a RoomMessage> {
        self.messages.iter().filter(move |message| serial.is_some_and(|serial| *message.serial <= *serial))
    }

    fn after<'a>(&'a self, serial: Option<&'a str>) -> impl Iterator<Item = &'a RoomMessage> {
        self.messages.iter().filter(move |message| serial.is_none_or(|serial| *message.serial > *serial))
    }

    fn unread(&self, membership: &Membership) -> Unread {
        let me = &membership.person;
        let mut unread = Unread::default();
        for message in self.after(membership.read_serial.as_deref()) {
            if message.author.as_ref() != Some(me) {
                unread.unread += 1;
                unread.mentions += u64::from(message.mentions_all || message.mentions.contains(me));
            }
        }
        unread
    }

    fn mark(&self, membership: &mut Membership, serial: Option<&str>) {
        let read: Vec<_> = self.up_to(serial).collect();
        membership.read_serial = read.last().map(|message| message.serial.clone());
        membership.read_messages = read.len() as u64;
        membership.read_own =
            read.iter().filter(|message| message.author.as_ref() == Some(&membership.person)).count() as u64;
    }
}

impl State {
    /// Adds a member whose absence and whose room were checked; they have read everything.
    pub(super) fn add_member(
        &mut self,
        room: &RoomId,
        person: &PersonId,
        role: RoomRole,
        joined_ms: u64,
        version: u64,
    ) {
        let mut membership = Membership {
            room: room.clone(),
            person: person.clone(),
            role,
            joined_ms,
            read_serial: None,
            read_messages: 0,
            read_own: 0,
            version,
        };
        if let Some(state) = self.room_mut(room) {
            state.mark(&mut membership, state.room.last_serial.as_deref());
            state.room.members += 1;
            state.room.version = version;
        }
        self.memberships.insert((room.clone(), person.clone()), membership);
    }

    fn owners(&self, room: &RoomId) -> usize {
        self.members(room).filter(|member| member.role == RoomRole::Owner).count()
    }

    fn join(&mut self, membership: &Membership, invitation: Option<&InvitationId>) -> Join {
        let Membership { room, person, role, joined_ms, .. } = membership;
        let Some(state) = self.room(room) else { return Join::Absent };
        if self.account(person).is_none() {
            return Join::Absent;
        }
        if state.room.kind == RoomKind::Direct {
            return Join::Fixed;
        }
        let key = (room.clone(), person.clone());
        if self.memberships.contains_key(&key) {
            return Join::Already;
        }
        if let Some(id) = invitation {
            let is_for_room = |id: &InvitationId| {
                self.invitations.iter().any(|i| i.id == *id && i.room.as_ref() == Some(room))
            };
            if !is_for_room(id) || self.take_use(id, *joined_ms).is_none() {
                return Join::InvitationUsedUp;
            }
        }
        let version = self.next_rights_version();
        self.add_member(room, person, *role, *joined_ms, version);
        Join::Joined(self.memberships[&key].clone())
    }

    fn change_role(&mut self, room: &RoomId, person: &PersonId, role: RoomRole) -> ChangeRole {
        let key = (room.clone(), person.clone());
        let (Some(state), Some(before)) = (self.room(room), self.memberships.get(&key)) else {
            return ChangeRole::Absent;
        };
        if before.role == role {
            return ChangeRole::Changed(before.clone());
        }
        let is_direct = state.room.kind == RoomKind::Direct;
        if before.role == RoomRole::Owner && self.owners(room) == 1 && !is_direct {
            return ChangeRole::LastOwner;
        }
        let after = Membership { role, version: self.version + 1, ..before.clone() };
        self.next_rights_version();
        self.memberships.insert(key, after.clone());
        ChangeRole::Changed(after)
    }

    fn leave(&mut self, room: &RoomId, person: &PersonId, at_ms: u64) -> Leave {
        let key = (room.clone(), person.clone());
        let (Some(state), Some(membership)) = (self.room(room), self.memberships.get(&key)) else {
            return Leave::Absent;
        };
        if state.room.kind == RoomKind::Direct {
            return Leave::Fixed;
        }
        let others = self.members(room).count() - 1;
        if membership.role == RoomRole::Owner && self.owners(room) == 1 && others > 0 {
            return Leave::LastOwner;
        }
        let restricts = membership.role.restricts();
        let archived_ms = if others == 0 { Some(at_ms) } else { None };
        let before = state.room.clone();
        let after = Room {
            members: before.members - 1,
            archived_ms: before.archived_ms.or(archived_ms),
            version: self.next_rights_version(),
            ..before
        };
        if restricts {
            self.restricted.insert(key.clone());
        } else {
            self.restricted.remove(&key);
        }
        self.memberships.remove(&key);
        if let Some(state) = self.room_mut(room) {
            state.room = after.clone();
        }
        Leave::Left(after)
    }

    fn mark_read(
        &mut self,
        room: &RoomId,
        person: &PersonId,
        serial: Option<&str>,
        backwards: bool,
    ) -> Option<(Membership, Unread)> {
        let key = (room.clone(), person.clone());
        let before = self.memberships.get(&key)?.clone();
        let version = self.version + 1;
        let state = self.room(room)?;
        let mut after = Membership { version, ..before.clone() };
        state.mark(&mut after, serial.or(state.room.last_serial.as_deref()));
        let moves = after.read_messages > before.read_messages
            || backwards && after.read_messages < before.read_messages;
        if !moves {
            return Some((before.clone(), state.unread(&before)));
        }
        let unread = state.unread(&after);
        self.next_version();
        self.memberships.insert(key, after.clone());
        Some((after, unread))
    }

    fn listing_of(&self, membership: &Membership) -> Option<RoomListing> {
        let state = self.room(&membership.room)?;
        let others = state.people.iter().flatten().filter(|person| **person != membership.person);
        Some(RoomListing {
            room: state.room.clone(),
            membership: membership.clone(),
            unread: state.unread(membership),
            others: others.take(OTHERS_MAX).cloned().collect(),
        })
    }

    fn unread(&self, room: &RoomId, person: &PersonId) -> Unread {
        let membership = self.memberships.get(&(room.clone(), person.clone()));
        let unread = membership.and_then(|membership| Some(self.room(room)?.unread(membership)));
        unread.unwrap_or_default()
    }
}

impl Memberships for MemoryPeople {
    fn membership(&self, room: &RoomId, person: &PersonId) -> Result<Option<Membership>, StoreError> {
        Ok(self.state.lock().memberships.get(&(room.clone(), person.clone())).cloned())
    }

    fn memberships_of(&self, person: &PersonId) -> Result<Vec<RoomRights>, StoreError> {
        let state = self.state.lock();
        let rights = |room: &Room| {
            let membership = state.memberships.get(&(room.id.clone(), person.clone()))?;
            Some(RoomRights {
                room: room.id.clone(),
                kind: room.kind,
                archived: room.archived_ms.is_some(),
                role: membership.role,
            })
        };
        Ok(state.rooms.iter().filter_map(|state| rights(&state.room)).collect())
    }

    fn listing(&self, person: &PersonId, after_version: Option<u64>) -> Result<Listing, StoreError> {
        let state = self.state.lock();
        let listed = state.rooms.iter().filter_map(|room| {
            state.listing_of(state.memberships.get(&(room.room.id.clone(), person.clone()))?)
        });
        let is_newer = |listing: &RoomListing| after_version.is_none_or(|after| listing.version() > after);
        Ok(Listing { rooms: listed.filter(is_newer).collect(), version: state.version })
    }

    fn listing_of(&self, person: &PersonId, room: &RoomId) -> Result<Option<RoomListing>, StoreError> {
        let state = self.state.lock();
        let membership = state.memberships.get(&(room.clone(), person.clone()));
        Ok(membership.and_then(|membership| state.listing_of(membership)))
    }

    fn members_of(
        &self,
        room: &RoomId,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<(Membership, Person)>, StoreError> {
        let state = self.state.lock();
        let everybody = state.people.iter().map(|account| account.person.clone());
        let mut members = page(everybody, after, usize::MAX, |person| person.id.clone())
            .into_iter()
            .filter_map(|person| {
                Some((state.memberships.get(&(room.clone(), person.id.clone()))?.clone(), person))
            })
            .collect::<Vec<_>>();
        members.truncate(limit);
        Ok(members)
    }

    fn join(&self, membership: &Membership, invitation: Option<&InvitationId>) -> Result<Join, StoreError> {
        let mut state = self.state.lock();
        let outcome = state.join(membership, invitation);
        Self::settle(&mut state);
        Ok(outcome)
    }

    fn change_role(
        &self,
        room: &RoomId,
        person: &PersonId,
        role: RoomRole,
    ) -> Result<ChangeRole, StoreError> {
        let mut state = self.state.lock();
        let outcome = state.change_role(room, person, role);
        Self::settle(&mut state);
        Ok(outcome)
    }

    fn leave(&self, room: &RoomId, person: &PersonId, at_ms: u64) -> Result<Leave, StoreError> {
        let mut state = self.state.lock();
        let outcome = state.leave(room, person, at_ms);
        Self::settle(&mut state);
        Ok(outcome)
    }

    fn left_restricted(&self, room: &RoomId, person: &PersonId) -> Result<bool, StoreError> {
        Ok(self.state.lock().restricted.contains(&(room.clone(), person.clone())))
    }

    fn mark_read(
        &self,
        room: &RoomId,
        person: &PersonId,
        serial: Option<&str>,
        backwards: bool,
    ) -> Result<Option<(Membership, Unread)>, StoreError> {
        Ok(self.state.lock().mark_read(room, person, serial, backwards))
    }

    fn unread(&self, room: &RoomId, person: &PersonId) -> Result<Unread, StoreError> {
        Ok(self.state.lock().unread(room, person))
    }

    fn unread_of_many(&self, room: &RoomId, people: &[PersonId]) -> Result<Vec<Unread>, StoreError> {
        let state = self.state.lock();
        Ok(people.iter().map(|person| state.unread(room, person)).collect())
    }
}
