//! Who is in a room: joining, being added, roles, leaving, being removed. What ends here ends on open connections before
//! the call returns.

mod tell;

use loquat_protocol::ErrorCode;
use loquat_store::people::{
    ChangeRole, InvitationId, Join, Leave, Membership, PersonId, Room, RoomId, RoomRole,
};

use crate::{
    Actor, Chat, ChatError,
    rights::{Place, RoomAction, Verdict, decide},
    rooms::place,
    turn::Turn,
    views::{ListingView, MemberView},
};

impl Chat {
    /// The members of a room, in the order in which their accounts were made, after `after`.
    ///
    /// # Errors
    /// `NotFound`, `NotPermittedInRoom`.
    pub fn members(
        &self,
        actor: &Actor,
        room: &RoomId,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<MemberView>, ChatError> {
        self.require(actor, room, RoomAction::SeeMembers)?;
        let members = self.store.members_of(room, after, limit)?;
        Ok(members.iter().map(|(membership, person)| MemberView::new(membership, person)).collect())
    }

    /// Makes the actor a member of a public room, read-only if they were when they left; nothing changes when they are
    /// one.
    ///
    /// # Errors
    /// `NotFound`, `NotPermittedInRoom`, `RoomArchived`, `DirectRoomFixed`; `LimitReached`; `TooManyAttempts` for more
    /// changes than others should hear of.
    pub fn join_room(&self, actor: &Actor, room: &RoomId) -> Result<ListingView, ChatError> {
        let mut turn = self.turn_of(actor)?;
        let (found, membership) = self.require(actor, room, RoomAction::See)?;
        if membership.is_none() {
            decide(place(actor, &found, None), RoomAction::Join).require()?;
            self.limits.change(&actor.person, self.now_ms())?;
            let role = self.role_of_comer(&mut turn, room, &actor.person, RoomRole::Member)?;
            self.admit(&mut turn, &found, &actor.person, role, None)?;
        }
        self.my_room(actor, room)
    }

    /// Adds somebody to a room, or gives a member another role.
    ///
    /// # Errors
    /// `NotFound` for the room or the person; `NotPermittedInRoom`, `RoomArchived`, `DirectRoomFixed`; `LastOwner`;
    /// `LimitReached`; `TooManyAttempts` when the actor adds people, or changes roles, faster than anybody needs to.
    pub fn set_member(
        &self,
        actor: &Actor,
        room: &RoomId,
        person: &PersonId,
        role: RoomRole,
    ) -> Result<MemberView, ChatError> {
        let mut turn = self.turn_of(actor)?;
        let (found, own) = self.require(actor, room, RoomAction::See)?;
        let place = place(actor, &found, own.as_ref());
        let membership = match turn.step(|store| store.membership(room, person))? {
            // What they are already needs no right that giving it would.
            Some(current) if current.role == role && own.is_some() => current,
            Some(_) => {
                decide(place, RoomAction::ChangeRole).require()?;
                self.limits.change(&actor.person, self.now_ms())?;
                let given = self.give_role(&mut turn, room, person, role)?;
                if !matches!(role, RoomRole::Owner | RoomRole::Moderator) {
                    self.revoke_links_of(&mut turn, room, person)?;
                }
                given
            }
            None => {
                decide(place, RoomAction::AddMember { role }).require()?;
                self.active_person(&mut turn, person)?;
                self.limits.additions(&actor.person, 1, self.now_ms())?;
                // What restricted them ends by the word of somebody who could have ended it while they were here.
                let role = match decide(place, RoomAction::ChangeRole) {
                    Verdict::Allowed => role,
                    _ => self.role_of_comer(&mut turn, room, person, role)?,
                };
                self.admit(&mut turn, &found, person, role, None)?
            }
        };
        let row = turn.step(|store| store.person(person))?.ok_or_else(ChatError::not_found)?;
        Ok(MemberView::new(&membership, &row))
    }

    /// Ends a membership: the actor's own, or somebody else's.
    ///
    /// # Errors
    /// `NotFound` for the room or when they are no member; `NotPermittedInRoom`, `RoomArchived`, `DirectRoomFixed`;
    /// `LastOwner` when others would be left without an owner; `TooManyAttempts` for more changes than others should hear
    /// of.
    pub fn remove_member(&self, actor: &Actor, room: &RoomId, person: &PersonId) -> Result<(), ChatError> {
        let mut turn = self.turn_of(actor)?;
        let (found, own) = self.require(actor, room, RoomAction::See)?;
        let place = place(actor, &found, own.as_ref());
        if *person == actor.person {
            decide(place, RoomAction::Leave).require()?;
        } else {
            // To whom the members are hidden, nobody is one.
            decide(place, RoomAction::SeeMembers).require()?;
            let member =
                turn.step(|store| store.membership(room, person))?.ok_or_else(ChatError::not_found)?;
            decide(place, RoomAction::RemoveMember { role: member.role }).require()?;
        }
        let now_ms = self.now_ms();
        self.limits.change(&actor.person, now_ms)?;
        match turn.step(|store| store.leave(room, person, now_ms))? {
            Leave::Left(after) => {
                self.member_left(person, &after);
                // Who was sent away doesn't come back by a link of their own.
                if *person == actor.person { Ok(()) } else { self.revoke_links_of(&mut turn, room, person) }
            }
            Leave::Absent => Err(ChatError::not_found()),
            Leave::LastOwner => Err(last_owner("make somebody else an owner first, or archive the room")),
            Leave::Fixed => Err(ErrorCode::DirectRoomFixed.into()),
        }
    }

    /// As what somebody comes who would come as `role`: who was restricted when they left still is.
    pub(crate) fn role_of_comer(
        &self,
        turn: &mut Turn<'_>,
        room: &RoomId,
        person: &PersonId,
        role: RoomRole,
    ) -> Result<RoomRole, ChatError> {
        let restricted = turn.step(|store| store.left_restricted(room, person))?;
        Ok(if restricted { RoomRole::ReadOnly } else { role })
    }

    /// Makes somebody a member who is none; the caller has decided that they may be.
    pub(crate) fn admit(
        &self,
        turn: &mut Turn<'_>,
        room: &Room,
        person: &PersonId,
        role: RoomRole,
        invitation: Option<&InvitationId>,
    ) -> Result<Membership, ChatError> {
        self.require_space(turn, person)?;
        let wanted = Membership {
            room: room.id.clone(),
            person: person.clone(),
            role,
            joined_ms: self.now_ms(),
            read_serial: None,
            read_messages: 0,
            read_own: 0,
            version: 0,
        };
        match turn.step(|store| store.join(&wanted, invitation))? {
            Join::Joined(membership) => {
                let place = Place {
                    role: Some(role),
                    administrator: false,
                    kind: room.kind,
                    archived: room.archived_ms.is_some(),
                };
                self.live.set_place(person, &room.id, Some(place));
                self.tell_listing(person, &room.id);
                self.tell_newcomer(&membership);
                Ok(membership)
            }
            Join::Already => {
                let current = turn.step(|store| store.membership(&room.id, person))?;
                current.ok_or_else(ChatError::not_found)
            }
            Join::InvitationUsedUp => Err(ErrorCode::InvitationUsedUp.into()),
            Join::Absent => Err(ChatError::not_found()),
            Join::Fixed => Err(ErrorCode::DirectRoomFixed.into()),
        }
    }

    fn give_role(
        &self,
        turn: &mut Turn<'_>,
        room: &RoomId,
        person: &PersonId,
        role: RoomRole,
    ) -> Result<Membership, ChatError> {
        let membership = match turn.step(|store| store.change_role(room, person, role))? {
            ChangeRole::Changed(membership) => membership,
            ChangeRole::Absent => return Err(ChatError::not_found()),
            ChangeRole::LastOwner => return Err(last_owner("make somebody else an owner first")),
        };
        // Nothing that could fail comes between the change and its effect.
        self.live.change_place(person, room, |place| Place { role: Some(role), ..place });
        self.ports.rights_changed(person);
        self.tell_listing(person, room);
        self.tell_members(&membership);
        Ok(membership)
    }
}

fn last_owner(remedy: &str) -> ChatError {
    ChatError::new(ErrorCode::LastOwner, format!("a room with members needs an owner: {remedy}"))
}
