//! What somebody may do in a room. [`decide`] is the only place that knows; the services ask it, and so do open
//! connections, through [`operations`].

use loquat_protocol::{ErrorCode, Operation, Operations};
use loquat_store::people::{RoomKind, RoomRole};

use crate::ChatError;

/// Where somebody stands to a room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Their role there; `None`: not a member.
    pub role: Option<RoomRole>,
    /// Whether they administrate the server.
    pub administrator: bool,
    /// The room's kind.
    pub kind: RoomKind,
    /// Whether it is archived.
    pub archived: bool,
}

/// Something to do in a room.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RoomAction {
    /// Know that the room is there: its name, topic and counts.
    See,
    /// Know who is in it.
    SeeMembers,
    /// Read messages, old and new, and mark them as read.
    Read,
    /// Notice reactions to messages and how many are there.
    Observe,
    /// Be seen to be there.
    Appear,
    /// Say something, type, react.
    Post,
    /// Become a member unasked.
    Join,
    /// Become a member by an invitation.
    JoinInvited,
    /// Stop being a member.
    Leave,
    /// Give it another name or topic.
    Describe,
    /// Make it public or private.
    ChangeKind,
    /// Archive it, or take it back into use.
    Archive,
    /// See, make and revoke invitations.
    Invite,
    /// Make somebody else a member.
    AddMember {
        /// As what.
        role: RoomRole,
    },
    /// Give a member another role.
    ChangeRole,
    /// End somebody else's membership.
    RemoveMember {
        /// What they are.
        role: RoomRole,
    },
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// They may.
    Allowed,
    /// They may not even know that the room is there.
    Hidden,
    /// They may not, because.
    Refused(ErrorCode),
}

impl Verdict {
    /// As a service answers it.
    ///
    /// # Errors
    /// `NotFound` for what is hidden; the reason for what is refused.
    pub fn require(self) -> Result<(), ChatError> {
        match self {
            Self::Allowed => Ok(()),
            Self::Hidden => Err(ChatError::not_found()),
            Self::Refused(code) => Err(code.into()),
        }
    }
}

/// Decides. Rules, in this order: who may not see a room learns nothing of it; a direct room's people and settings are
/// fixed; an archived room is read, left and taken back into use, nothing more; then the role counts. Administrators
/// of the server look after rooms without reading those that they are no members of.
pub fn decide(place: Place, action: RoomAction) -> Verdict {
    let Place { role, administrator, kind, archived } = place;
    let is_member = role.is_some();
    let invited = action == RoomAction::JoinInvited;
    if !(is_member || administrator || invited || (kind == RoomKind::Public && !archived)) {
        return Verdict::Hidden;
    }
    if kind == RoomKind::Direct && is_fixed_in_direct_rooms(action) {
        return Verdict::Refused(ErrorCode::DirectRoomFixed);
    }
    if archived && !is_possible_when_archived(action) {
        return Verdict::Refused(ErrorCode::RoomArchived);
    }
    if is_due_to(place, action) { Verdict::Allowed } else { Verdict::Refused(ErrorCode::NotPermittedInRoom) }
}

fn is_fixed_in_direct_rooms(action: RoomAction) -> bool {
    use RoomAction as A;
    match action {
        A::See | A::SeeMembers | A::Read | A::Observe | A::Appear | A::Post => false,
        A::Join | A::JoinInvited | A::Leave | A::Describe | A::ChangeKind | A::Archive | A::Invite => true,
        A::AddMember { .. } | A::ChangeRole | A::RemoveMember { .. } => true,
    }
}

fn is_possible_when_archived(action: RoomAction) -> bool {
    use RoomAction as A;
    matches!(action, A::See | A::SeeMembers | A::Read | A::Leave | A::Archive)
}

fn is_due_to(place: Place, action: RoomAction) -> bool {
    use RoomAction as A;
    let Place { role, administrator, kind, .. } = place;
    let owns = role == Some(RoomRole::Owner);
    let moderates = owns || role == Some(RoomRole::Moderator);
    let is_plain = |other: RoomRole| matches!(other, RoomRole::Member | RoomRole::ReadOnly);
    match action {
        A::See | A::JoinInvited => true,
        A::SeeMembers => role.is_some() || kind == RoomKind::Public,
        A::Read | A::Observe | A::Appear | A::Leave => role.is_some(),
        A::Post => role.is_some_and(|role| role != RoomRole::ReadOnly),
        A::Join => kind == RoomKind::Public,
        A::Describe | A::Archive | A::ChangeRole => owns || administrator,
        // An administrator who could open a private room could read it.
        A::ChangeKind => owns || (administrator && role.is_some()),
        A::Invite => moderates,
        A::AddMember { role } | A::RemoveMember { role } => owns || (moderates && is_plain(role)),
    }
}

/// The operations on a room's channel: what [`decide`] allows, in the realtime layer's words.
pub fn operations(place: Place) -> Operations {
    use Operation as O;
    let table: [(RoomAction, &[Operation]); 4] = [
        (RoomAction::Read, &[O::Subscribe, O::History]),
        (RoomAction::Observe, &[O::AnnotationSubscribe, O::ChannelMetadata]),
        (RoomAction::Appear, &[O::Presence]),
        (RoomAction::Post, &[O::Publish, O::AnnotationPublish]),
    ];
    let allowed = table.iter().filter(|(action, _)| decide(place, *action) == Verdict::Allowed);
    let operations = allowed.flat_map(|(_, operations)| operations.iter().copied());
    operations.fold(Operations::NONE, |all, operation| all | Operations::only(operation))
}
