//! Links that let people in.

use axum::extract::State;
use loquat_chat::{
    NewInvitation,
    views::{CreatedInvitationView, InvitationPreview, InvitationView},
};
use loquat_protocol::ErrorCode;
use loquat_store::people::RoomId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    expiry,
    places::{CodePlace, RoomInvitationPlace, RoomPlace},
};
use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        client::Client,
        page::{Page, PageParams},
        params::Params,
        place::Place,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// How long and how often an invitation may be used.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvitation)]
pub struct InvitationBody {
    /// When it ends, milliseconds since 1970. Not together with `expires_in_ms`.
    #[schema(maximum = 9007199254740991u64)]
    expires_ms: Option<u64>,
    /// In how many milliseconds it ends.
    #[schema(minimum = 1, maximum = 315360000000u64, example = 604800000)]
    expires_in_ms: Option<u64>,
    /// How often it may be used; absent: as often as people come.
    #[schema(minimum = 1, maximum = 1000000, example = 1)]
    uses_max: Option<u32>,
}

/// A new invitation with its link.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationLink)]
pub struct InvitationReply {
    /// The invitation and its code.
    #[serde(flatten)]
    created: CreatedInvitationView,
    /// The link to hand on.
    #[schema(example = "https://chat.example.org/join/3q2-7w0aVh5mJt8yXc1uRzLkNpQfEbGdHsIoTvWxYZ4")]
    url: String,
}

impl InvitationReply {
    /// With the link that opens the app at this server.
    pub fn new(created: CreatedInvitationView, base: &str) -> Self {
        Self { url: format!("{base}/join/{}", created.code), created }
    }
}

/// What comes of accepting an invitation.
#[derive(Serialize, ToSchema)]
#[schema(as = AcceptedInvitation)]
pub struct AcceptedReply {
    /// The room that one is now in; `null` for an invitation to the server.
    #[schema(value_type = Option<String>, required = true)]
    room: Option<RoomId>,
}

/// Most uses that an invitation may have.
const USES_MAX: u32 = 1_000_000;

impl InvitationBody {
    /// As the service takes it.
    ///
    /// # Errors
    /// 40003 when its end is named twice or out of bounds, or its uses are.
    pub fn read(self, now_ms: u64) -> Result<NewInvitation, Problem> {
        let expires_ms = expiry::of(self.expires_ms, self.expires_in_ms, now_ms)?;
        if self.uses_max.is_some_and(|uses_max| !(1..=USES_MAX).contains(&uses_max)) {
            let text = "it must be a number from 1 to 1000000";
            return Err(Problem::new(ErrorCode::InvalidParameter, text).at("uses_max", text));
        }
        Ok(NewInvitation { expires_ms, expires_in_ms: None, uses_max: self.uses_max })
    }
}

/// The invitations to a room, newest first, without their codes.
#[utoipa::path(
    get, path = "/rooms/{room}/invitations", tag = "invitations", params(RoomPlace, PageParams),
    responses(
        (status = 200, description = "A page of them.", body = Page<InvitationView>),
        (status = 403, description = "One's role in the room does not permit it.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn list_room_invitations(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
    Params(params): Params<PageParams>,
) -> Outcome {
    let (limit, after) = (params.limit()?, params.after()?);
    let call = state.call(move |chat| chat.room_invitations(&actor, &place.room, after.as_ref(), limit + 1));
    Ok(reply::ok(&Page::of(call.await?, limit, |invitation| invitation.id.clone(), |invitation| invitation)))
}

/// Makes an invitation to a room. The answer is the only place where its code ever stands.
#[utoipa::path(
    post, path = "/rooms/{room}/invitations", tag = "invitations", params(RoomPlace),
    request_body = InvitationBody,
    responses(
        (status = 201, description = "The invitation with its link.", body = InvitationReply),
        (status = 409, description = "The room is archived or direct.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn create_room_invitation(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    client: Client,
    Place(place): Place<RoomPlace>,
    Json(body): Json<InvitationBody>,
) -> Outcome {
    let new = body.read(state.now_ms())?;
    let created = state.call(move |chat| chat.invite_to_room(&actor, &place.room, new)).await?;
    Ok(reply::created(&InvitationReply::new(created, &client.base)))
}

/// Revokes an invitation to a room. Who came by it stays.
#[utoipa::path(
    delete, path = "/rooms/{room}/invitations/{invitation}", tag = "invitations", params(RoomInvitationPlace),
    responses((status = 204, description = "It lets nobody in any more."))
)]
pub async fn revoke_room_invitation(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomInvitationPlace>,
) -> Outcome {
    state.call(move |chat| chat.revoke_room_invitation(&actor, &place.room, &place.invitation)).await?;
    Ok(reply::done())
}

/// What an invitation leads to, for whoever has its link.
#[utoipa::path(
    get, path = "/invitations/{code}", tag = "invitations", security(()), params(CodePlace),
    responses(
        (status = 200, description = "It can be accepted.", body = InvitationPreview),
        (status = 409, description = "The room is archived.", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "It has expired or is used up.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn get_invitation(
    State(state): State<ApiState>,
    client: Client,
    Place(place): Place<CodePlace>,
) -> Outcome {
    let visitor = client.visitor();
    Ok(reply::ok(&state.call(move |chat| chat.preview_invitation(&visitor, &place.code)).await?))
}

/// Accepts an invitation. Who is in the room already stays as they are, and no use is taken.
#[utoipa::path(
    post, path = "/invitations/{code}/accept", tag = "invitations", params(CodePlace),
    responses(
        (status = 200, description = "The room that one is now in.", body = AcceptedReply),
        (status = 409, description = "The room is archived, or one is in as many rooms as one may be.",
            body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "It has expired or is used up.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn accept_invitation(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    client: Client,
    Place(place): Place<CodePlace>,
) -> Outcome {
    let visitor = client.visitor();
    let listing = state.call(move |chat| chat.accept_invitation(&actor, &visitor, &place.code)).await?;
    Ok(reply::ok(&AcceptedReply { room: listing.map(|listing| listing.room.id) }))
}
