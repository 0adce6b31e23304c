//! Invitations in memory.

use super::{MemoryPeople, conflict, page};
use crate::{
    StoreError,
    people::{Invitation, InvitationId, Invitations, InvitationsTo, PersonId, RoomId, RoomKind, SecretHash},
};

impl Invitations for MemoryPeople {
    fn create_invitation(&self, invitation: &Invitation) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        let Invitation { id, code_hash, created_by, .. } = invitation;
        let is_taken = state.invitations.iter().any(|other| other.id == *id || other.code_hash == *code_hash);
        let is_room_open = invitation
            .room
            .as_ref()
            .is_none_or(|room| state.room(room).is_some_and(|state| state.room.kind != RoomKind::Direct));
        if is_taken || !is_room_open || state.account(created_by).is_none() {
            return Err(conflict(format!("the invitation {id} cannot be made")));
        }
        state.invitations.push(Invitation { uses: 0, revoked_ms: None, ..invitation.clone() });
        Self::settle(&mut state);
        Ok(())
    }

    fn invitation_by_code(&self, code_hash: &SecretHash) -> Result<Option<Invitation>, StoreError> {
        let state = self.state.lock();
        Ok(state.invitations.iter().find(|invitation| invitation.code_hash == *code_hash).cloned())
    }

    fn invitations_of_room(
        &self,
        room: &RoomId,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError> {
        Ok(self.invitations_to(Some(room), after, limit))
    }

    fn server_invitations(
        &self,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Result<Vec<Invitation>, StoreError> {
        Ok(self.invitations_to(None, after, limit))
    }

    fn count_open_invitations(&self, room: Option<&RoomId>, now_ms: u64) -> Result<u64, StoreError> {
        let state = self.state.lock();
        let open = |i: &&Invitation| i.room.as_ref() == room && i.is_open(now_ms);
        Ok(state.invitations.iter().filter(open).count() as u64)
    }

    fn revoke_invitations_by(
        &self,
        created_by: &PersonId,
        to: InvitationsTo<'_>,
        at_ms: u64,
    ) -> Result<u64, StoreError> {
        let mut state = self.state.lock();
        Self::settle(&mut state);
        let is_theirs = |i: &&mut Invitation| {
            to.contains(i.room.as_ref()) && i.created_by == *created_by && i.revoked_ms.is_none()
        };
        let theirs = state.invitations.iter_mut().filter(is_theirs);
        Ok(theirs.map(|invitation| invitation.revoked_ms = Some(at_ms)).count() as u64)
    }

    fn invitation(&self, id: &InvitationId) -> Result<Option<Invitation>, StoreError> {
        Ok(self.state.lock().invitations.iter().find(|invitation| invitation.id == *id).cloned())
    }

    fn revoke_invitation(&self, id: &InvitationId, at_ms: u64) -> Result<bool, StoreError> {
        let mut state = self.state.lock();
        Self::settle(&mut state);
        let found = state.invitations.iter_mut().find(|i| i.id == *id && i.revoked_ms.is_none());
        Ok(found.map(|invitation| invitation.revoked_ms = Some(at_ms)).is_some())
    }
}

impl MemoryPeople {
    fn invitations_to(
        &self,
        room: Option<&RoomId>,
        after: Option<&InvitationId>,
        limit: usize,
    ) -> Vec<Invitation> {
        let state = self.state.lock();
        let to_there = state.invitations.iter().rev().filter(|invitation| invitation.room.as_ref() == room);
        page(to_there.cloned(), after, limit, |invitation| invitation.id.clone())
    }
}
