//! Who is in a room.

use axum::extract::State;
use loquat_chat::views::MemberView;
use loquat_store::people::RoomRole;
use serde::Deserialize;
use utoipa::ToSchema;

use super::places::{MemberPlace, RoomPlace};
use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        page::{Page, PageParams},
        params::Params,
        place::Place,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// As what somebody is a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberRole)]
pub struct RoleBody {
    /// What they are to the room.
    #[schema(value_type = RoomRoleText)]
    role: RoomRole,
}

/// What a person is to a room.
#[derive(ToSchema)]
#[schema(as = RoomRole, rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words")]
pub enum RoomRoleText {
    /// Decides about the room.
    Owner,
    /// Looks after its members.
    Moderator,
    /// Reads and writes.
    Member,
    /// Reads.
    ReadOnly,
}

/// The members of a room, in the order in which their accounts were made.
#[utoipa::path(
    get, path = "/rooms/{room}/members", tag = "members", params(RoomPlace, PageParams),
    responses(
        (status = 200, description = "A page of them.", body = Page<MemberView>),
        (status = 403, description = "One is not in the room.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn list_members(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
    Params(params): Params<PageParams>,
) -> Outcome {
    let (limit, after) = (params.limit()?, params.after()?);
    let members =
        state.call(move |chat| chat.members(&actor, &place.room, after.as_ref(), limit + 1)).await?;
    Ok(reply::ok(&Page::of(members, limit, |member| member.person.id.clone(), |member| member)))
}

/// Makes somebody a member, or gives a member another role.
#[utoipa::path(
    put, path = "/rooms/{room}/members/{person}", tag = "members", params(MemberPlace), request_body = RoleBody,
    responses(
        (status = 200, description = "The member.", body = MemberView),
        (status = 409, description = "The room is archived or direct, or would have no owner.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn set_member(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<MemberPlace>,
    Json(body): Json<RoleBody>,
) -> Outcome {
    let call = state.call(move |chat| chat.set_member(&actor, &place.room, &place.person, body.role));
    Ok(reply::ok(&call.await?))
}

/// Ends a membership; one's own, too. Open connections lose the room within a second.
#[utoipa::path(
    delete, path = "/rooms/{room}/members/{person}", tag = "members", params(MemberPlace),
    responses(
        (status = 204, description = "They are no longer a member."),
        (status = 409, description = "The room is direct, or would have no owner.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn remove_member(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<MemberPlace>,
) -> Outcome {
    state.call(move |chat| chat.remove_member(&actor, &place.room, &place.person)).await?;
    Ok(reply::done())
}
