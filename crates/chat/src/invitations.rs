//! Invitations: links that let people into a room, or onto the server. Their codes are guarded like passwords: only a hash
//! is kept, and whoever tries codes is slowed down.

use loquat_protocol::ErrorCode;
use loquat_store::people::{Invitation, InvitationId, InvitationsTo, PersonId, RoomId, RoomRole};

use crate::{
    Actor, Chat, ChatError, SignUp, Visitor,
    limits::Door,
    rights::{RoomAction, decide},
    rooms::place,
    secret::{hash_of, id_bits, new_secret},
    turn::Turn,
    views::{CreatedInvitationView, InvitationPreview, InvitationView, ListingView},
};

/// Most open invitations to a room, and to the server.
const OPEN_MAX: u64 = 200;

/// An invitation to be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NewInvitation {
    /// When it ends by itself, milliseconds since 1970; with neither this nor the next: never.
    pub expires_ms: Option<u64>,
    /// In how many milliseconds it ends by itself, by the server's clock.
    pub expires_in_ms: Option<u64>,
    /// How often it may be used; `None`: as often as one likes.
    pub uses_max: Option<u32>,
}

impl Chat {
    /// The invitations to a room, open or not, newest first, after `after`.
    ///
    /// # Errors
    /// `NotFound`, `NotPermittedInRoom`, `RoomArchived`, `DirectRoomFixed`; so below.
    pub fn room_invitations(
        &self,
        actor: &Actor,
        room: &RoomId,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<InvitationView>, ChatError> {
        self.require(actor, room, RoomAction::Invite)?;
        let invitations = self.store.invitations_of_room(room, after, limit)?;
        Ok(invitations.into_iter().map(Into::into).collect())
    }

    /// Makes an invitation to a room.
    ///
    /// # Errors
    /// Also `InvalidParameter` for one that would be of no use.
    pub fn invite_to_room(
        &self,
        actor: &Actor,
        room: &RoomId,
        new: NewInvitation,
    ) -> Result<CreatedInvitationView, ChatError> {
        let turn = self.turn_of(actor)?;
        self.require(actor, room, RoomAction::Invite)?;
        self.invite(turn, actor, Some(room), new)
    }

    /// Revokes an invitation to a room.
    ///
    /// # Errors
    /// Also `NotFound` when it is of another room, or revoked already.
    pub fn revoke_room_invitation(
        &self,
        actor: &Actor,
        room: &RoomId,
        invitation: &InvitationId,
    ) -> Result<(), ChatError> {
        let turn = self.turn_of(actor)?;
        self.require(actor, room, RoomAction::Invite)?;
        self.revoke(turn, Some(room), invitation)
    }

    /// The invitations to the server, open or not, newest first, after `after`.
    ///
    /// # Errors
    /// `NotAdministrator`; so below.
    pub fn server_invitations(
        &self,
        actor: &Actor,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<InvitationView>, ChatError> {
        actor.require_administrator()?;
        Ok(self.store.server_invitations(after, limit)?.into_iter().map(Into::into).collect())
    }

    /// Makes an invitation to the server.
    ///
    /// # Errors
    /// Also `InvalidParameter` for one that would be of no use.
    pub fn invite_to_server(
        &self,
        actor: &Actor,
        new: NewInvitation,
    ) -> Result<CreatedInvitationView, ChatError> {
        actor.require_administrator()?;
        self.invite(self.turn_of(actor)?, actor, None, new)
    }

    /// Revokes an invitation to the server.
    ///
    /// # Errors
    /// Also `NotFound`.
    pub fn revoke_server_invitation(
        &self,
        actor: &Actor,
        invitation: &InvitationId,
    ) -> Result<(), ChatError> {
        actor.require_administrator()?;
        self.revoke(self.turn_of(actor)?, None, invitation)
    }

    /// What a link leads to, for whoever holds it.
    ///
    /// # Errors
    /// `InvitationUnknown`, also for a revoked one; `InvitationExpired`, `InvitationUsedUp`; `RoomArchived`;
    /// `TooManyAttempts`.
    pub fn preview_invitation(&self, visitor: &Visitor, code: &str) -> Result<InvitationPreview, ChatError> {
        let attempt = self.limits.attempt(Door::Invitation, visitor.address, None, self.now_ms())?;
        let invitation = self.open_invitation(code)?;
        attempt.forgive();
        let inviter = self.store.person(&invitation.created_by)?;
        let room = match &invitation.room {
            Some(room) => self.store.room(room)?,
            None => None,
        };
        if room.as_ref().is_some_and(|room| room.archived_ms.is_some()) {
            return Err(ErrorCode::RoomArchived.into());
        }
        Ok(InvitationPreview {
            room_name: room.map(|room| room.name),
            inviter_name: inviter.map(|person| person.name).unwrap_or_default(),
            admits_sign_up: self.options.sign_up != SignUp::Closed,
            expires_ms: invitation.expires_ms,
        })
    }

    /// Makes the actor a member of the room that a link leads to, which takes one of its uses, unless they are one
    /// already. `None` for an invitation to the server, where they are.
    ///
    /// # Errors
    /// As [`Self::preview_invitation`]; `LimitReached`.
    pub fn accept_invitation(
        &self,
        actor: &Actor,
        visitor: &Visitor,
        code: &str,
    ) -> Result<Option<ListingView>, ChatError> {
        let attempt = self.limits.attempt(Door::Invitation, visitor.address, None, self.now_ms())?;
        let mut turn = self.turn_of(actor)?;
        let invitation = self.invitation_of(code)?;
        let Some(room) = &invitation.room else {
            self.require_open(&invitation)?;
            attempt.forgive();
            return Ok(None);
        };
        let found = turn.step(|store| store.room(room))?.ok_or(ErrorCode::InvitationUnknown)?;
        let membership = turn.step(|store| store.membership(room, &actor.person))?;
        // Whoever is a member already finds the way in by an old link too.
        if membership.is_none() {
            self.require_open(&invitation)?;
            decide(place(actor, &found, None), RoomAction::JoinInvited).require()?;
            let role = self.role_of_comer(&mut turn, room, &actor.person, RoomRole::Member)?;
            self.admit(&mut turn, &found, &actor.person, role, Some(&invitation.id))?;
        }
        attempt.forgive();
        self.my_room(actor, room).map(Some)
    }

    /// Revokes somebody's links to a room, in which they may no longer invite.
    pub(crate) fn revoke_links_of(
        &self,
        turn: &mut Turn<'_>,
        room: &RoomId,
        person: &PersonId,
    ) -> Result<(), ChatError> {
        let now_ms = self.now_ms();
        turn.step(|store| store.revoke_invitations_by(person, InvitationsTo::Room(room), now_ms))?;
        Ok(())
    }

    /// The invitation of a code, if it lets somebody in now.
    pub(crate) fn open_invitation(&self, code: &str) -> Result<Invitation, ChatError> {
        let invitation = self.invitation_of(code)?;
        self.require_open(&invitation)?;
        Ok(invitation)
    }

    fn invitation_of(&self, code: &str) -> Result<Invitation, ChatError> {
        let hash = hash_of(code, "").ok_or(ErrorCode::InvitationUnknown)?;
        let found = self.store.invitation_by_code(&hash)?;
        let standing = found.filter(|invitation| invitation.revoked_ms.is_none());
        standing.ok_or_else(|| ErrorCode::InvitationUnknown.into())
    }

    fn require_open(&self, invitation: &Invitation) -> Result<(), ChatError> {
        let now_ms = self.now_ms();
        if invitation.is_open(now_ms) {
            return Ok(());
        }
        let has_expired = invitation.expires_ms.is_some_and(|expires_ms| expires_ms <= now_ms);
        Err(if has_expired { ErrorCode::InvitationExpired } else { ErrorCode::InvitationUsedUp }.into())
    }

    /// In the turn in which the right to it was found: no link outlives it.
    fn invite(
        &self,
        mut turn: Turn<'_>,
        actor: &Actor,
        room: Option<&RoomId>,
        new: NewInvitation,
    ) -> Result<CreatedInvitationView, ChatError> {
        let now_ms = self.now_ms();
        let useless = |field, why: &'static str| ChatError::field(ErrorCode::InvalidParameter, field, why);
        if new.uses_max == Some(0) {
            return Err(useless("uses_max", "the invitation could not be used"));
        }
        let expires_ms = match (new.expires_ms, new.expires_in_ms) {
            (Some(_), Some(_)) => return Err(useless("expires_in_ms", "the end is given twice")),
            (expires_ms, None) => expires_ms,
            (None, Some(in_ms)) => Some(now_ms.saturating_add(in_ms)),
        };
        if expires_ms.is_some_and(|expires_ms| expires_ms <= now_ms) {
            return Err(useless("expires_ms", "the invitation would have expired already"));
        }
        let (code, code_hash) = new_secret(&*self.entropy, "")?;
        self.require_fewer(room, now_ms)?;
        // Those that end stay on the list.
        self.limits.change(&actor.person, now_ms)?;
        let invitation = Invitation {
            id: InvitationId::from_bits(id_bits(&*self.entropy)?),
            code_hash,
            room: room.cloned(),
            created_by: actor.person.clone(),
            created_ms: now_ms,
            expires_ms,
            uses_max: new.uses_max,
            uses: 0,
            revoked_ms: None,
        };
        turn.step(|store| store.create_invitation(&invitation))?;
        Ok(CreatedInvitationView { invitation: invitation.into(), code })
    }

    fn require_fewer(&self, room: Option<&RoomId>, now_ms: u64) -> Result<(), ChatError> {
        if self.store.count_open_invitations(room, now_ms)? < OPEN_MAX {
            return Ok(());
        }
        let detail = format!("there are {OPEN_MAX} open invitations already: revoke one first");
        Err(ChatError::new(ErrorCode::LimitReached, detail))
    }

    fn revoke(
        &self,
        mut turn: Turn<'_>,
        room: Option<&RoomId>,
        invitation: &InvitationId,
    ) -> Result<(), ChatError> {
        let found = turn.step(|store| store.invitation(invitation))?;
        if found.is_none_or(|found| found.room.as_ref() != room) {
            return Err(ChatError::not_found());
        }
        let now_ms = self.now_ms();
        let was_open = turn.step(|store| store.revoke_invitation(invitation, now_ms))?;
        if was_open { Ok(()) } else { Err(ChatError::not_found()) }
    }
}
