//! Sessions, tokens and invitations: without their secrets, which are shown once, to whom they are made for.

use std::fmt;

use loquat_store::people::{
    ApiToken, Invitation, InvitationId, PersonId, RoomId, Session, SessionId, TokenId,
};
use serde::Serialize;

/// A browser or app in which a person is signed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Session))]
pub struct SessionView {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: SessionId,
    /// What it calls itself.
    pub label: String,
    /// Where it was seen last.
    pub address: String,
    /// When it began, milliseconds since 1970.
    pub created_ms: u64,
    /// When it was seen last, milliseconds since 1970.
    pub seen_ms: u64,
    /// When it ends unless it is used, milliseconds since 1970.
    pub expires_ms: u64,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl SessionView {
    pub(crate) fn new(session: Session, current: bool) -> Self {
        let Session { id, label, address, created_ms, seen_ms, expires_ms, .. } = session;
        Self { id, label, address, created_ms, seen_ms, expires_ms, current }
    }
}

/// A secret with which a script acts as a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApiToken))]
pub struct TokenView {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: TokenId,
    /// What it is for, in the person's words.
    pub name: String,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
    /// When it ends by itself, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub expires_ms: Option<u64>,
    /// When it was used last, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub used_ms: Option<u64>,
}

impl From<ApiToken> for TokenView {
    fn from(ApiToken { id, name, created_ms, expires_ms, used_ms, .. }: ApiToken) -> Self {
        Self { id, name, created_ms, expires_ms, used_ms }
    }
}

/// A new API token, with the secret that is its use.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CreatedApiToken))]
pub struct CreatedTokenView {
    /// The token.
    #[serde(flatten)]
    pub token: TokenView,
    /// The secret, which is shown this once.
    pub secret: String,
}

impl fmt::Debug for CreatedTokenView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedTokenView").field("token", &self.token).finish_non_exhaustive()
    }
}

/// A link that lets people in, as those see it who may revoke it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Invitation))]
pub struct InvitationView {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: InvitationId,
    /// To which room; `null`: to the server.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required = true))]
    pub room: Option<RoomId>,
    /// Who made it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub created_by: PersonId,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
    /// When it ends by itself, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub expires_ms: Option<u64>,
    /// How often it may be used.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub uses_max: Option<u32>,
    /// How often it was used.
    pub uses: u32,
    /// When it was revoked, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub revoked_ms: Option<u64>,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        let Invitation { id, room, created_by, created_ms, expires_ms, .. } = invitation;
        let Invitation { uses_max, uses, revoked_ms, .. } = invitation;
        Self { id, room, created_by, created_ms, expires_ms, uses_max, uses, revoked_ms }
    }
}

/// A new invitation, with the code that its link ends with.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CreatedInvitation))]
pub struct CreatedInvitationView {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: InvitationView,
    /// The code, which is shown this once.
    pub code: String,
}

impl fmt::Debug for CreatedInvitationView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedInvitationView").field("invitation", &self.invitation).finish_non_exhaustive()
    }
}

/// What somebody with a link is told before they accept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationPreview {
    /// The room's name; `null`: an invitation to the server.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub room_name: Option<String>,
    /// Who invites.
    pub inviter_name: String,
    /// Whether new accounts can be made with it.
    pub admits_sign_up: bool,
    /// When it ends by itself, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub expires_ms: Option<u64>,
}
