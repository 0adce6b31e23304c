//! Rooms.

use axum::extract::State;
use http::HeaderMap;
use loquat_chat::{
    NewRoom, RoomEdit,
    views::{ListingView, PublicRoomView, RoomView},
};
use loquat_store::people::{PersonId, RoomKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{people::PersonIdText, places::RoomPlace};
use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        etag,
        page::{Page, SearchParams},
        params::Params,
        place::Place,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// A room to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRoom)]
pub struct RoomBody {
    /// Who finds it and how one gets in. A direct room is found again by its people.
    #[schema(value_type = RoomKindText)]
    kind: RoomKind,
    /// What it is called; a direct room has no name.
    #[schema(max_length = 80, example = "Garden")]
    name: Option<String>,
    /// What it is about.
    #[schema(max_length = 500, example = "What grows, and what doesn't")]
    topic: Option<String>,
    /// Who is in it from the beginning, besides oneself.
    #[serde(default)]
    #[schema(value_type = Vec<PersonIdText>, max_items = 200)]
    members: Vec<PersonId>,
}

/// What to change about a room. An absent field stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoomChange)]
pub struct ChangeBody {
    /// Another name.
    #[schema(min_length = 1, max_length = 80, example = "Garden")]
    name: Option<String>,
    /// Another topic; empty for none.
    #[schema(max_length = 500)]
    topic: Option<String>,
    /// Public or private.
    #[schema(value_type = Option<RoomKindText>)]
    kind: Option<RoomKind>,
    /// Whether it is archived: then it is read, and nobody writes.
    archived: Option<bool>,
}

/// Who finds a room and how one gets in.
#[derive(ToSchema)]
#[schema(as = RoomKind, rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words")]
pub enum RoomKindText {
    /// Everybody finds it and may join.
    Public,
    /// By invitation.
    Private,
    /// A fixed set of people; found again by that set.
    Direct,
}

/// Public rooms in use of whose name any word begins with a text; by name.
#[utoipa::path(
    get, path = "/rooms", tag = "rooms", params(SearchParams),
    responses((status = 200, description = "A page of them.", body = Page<PublicRoomView>))
)]
pub async fn list_rooms(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(params): Params<SearchParams>,
) -> Outcome {
    let (page, prefix) = (params.page(), params.prefix()?.to_owned());
    let (limit, after) = (page.limit()?, page.after()?);
    let rooms = state.call(move |chat| chat.public_rooms(&actor, &prefix, after.as_ref(), limit + 1)).await?;
    Ok(reply::ok(&Page::of(rooms, limit, |listed| listed.room.id.clone(), |listed| listed)))
}

/// Makes a room, owned by who makes it. A direct room of the same people is found instead of made twice.
#[utoipa::path(
    post, path = "/rooms", tag = "rooms", request_body = RoomBody,
    responses(
        (status = 200, description = "The direct room of these people, which was there.", body = ListingView),
        (status = 201, description = "The new room.", body = ListingView),
        (status = 409, description = "There are as many rooms as there may be.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn create_room(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Json(body): Json<RoomBody>,
) -> Outcome {
    let RoomBody { kind, name, topic, members } = body;
    let new = NewRoom { kind, name: name.unwrap_or_default(), topic: topic.unwrap_or_default(), members };
    let (listing, is_new) = state.call(move |chat| chat.create_room(&actor, &new)).await?;
    Ok(if is_new { reply::created(&listing) } else { reply::ok(&listing) })
}

/// A room.
#[utoipa::path(
    get, path = "/rooms/{room}", tag = "rooms", params(RoomPlace),
    responses((status = 200, description = "The room.", body = RoomView,
        headers(("ETag" = String, description = "Its version, for `If-Match`; messages raise it too."))))
)]
pub async fn get_room(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
) -> Outcome {
    let room = state.call(move |chat| chat.room(&actor, &place.room)).await?;
    Ok(reply::tagged_with(&room, etag::of_version(room.version)))
}

/// Changes what is given about a room, all or nothing.
#[utoipa::path(
    patch, path = "/rooms/{room}", tag = "rooms", request_body = ChangeBody,
    params(
        RoomPlace,
        ("If-Match" = Option<String>, Header, example = "\"v42\"", description = "The `ETag` that the change is meant for."),
    ),
    responses(
        (status = 200, description = "The room as it is now.", body = RoomView,
            headers(("ETag" = String, description = "Its new version."))),
        (status = 409, description = "The room is archived or direct.", body = Problem,
            content_type = "application/problem+json"),
        (status = 412, description = "It was changed in the meantime.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn change_room(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
    headers: HeaderMap,
    Json(body): Json<ChangeBody>,
) -> Outcome {
    let version = etag::wanted_version(&headers)?;
    let edit = RoomEdit { name: body.name, topic: body.topic, kind: body.kind, archived: body.archived };
    let room = state.call(move |chat| chat.change_room(&actor, &place.room, &edit, version)).await?;
    Ok(reply::tagged_with(&room, etag::of_version(room.version)))
}

/// Joins a public room. Whoever is in it already stays as they are.
#[utoipa::path(
    post, path = "/rooms/{room}/join", tag = "rooms", params(RoomPlace),
    responses(
        (status = 200, description = "The room, of which one is a member.", body = ListingView),
        (status = 409, description = "The room is archived, or one is in as many rooms as one may be.",
            body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn join_room(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
) -> Outcome {
    Ok(reply::ok(&state.call(move |chat| chat.join_room(&actor, &place.room)).await?))
}
