//! One's rooms, with what is unread in them.

use axum::extract::State;
use http::HeaderMap;
use loquat_chat::views::{ListingView, ReadView, RoomsView};
use serde::Deserialize;
use utoipa::ToSchema;

use super::places::RoomPlace;
use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        place::Place,
        reply::{self, Outcome, Tagged},
    },
    problem::Problem,
};

/// How far one has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReadMarker)]
pub struct ReadBody {
    /// The newest message that is read; absent or `null`: all of them.
    #[schema(min_length = 1, max_length = 128)]
    serial: Option<String>,
    /// Whether the marker may go back, to read later what was read before.
    #[serde(default)]
    backwards: bool,
}

/// All of one's rooms in one answer, with the version that they are of: events of higher versions are newer.
#[utoipa::path(
    get, path = "/me/rooms", tag = "my rooms",
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` of the answer that one has.")),
    responses(
        (status = 200, description = "The rooms, oldest first.", body = RoomsView,
            headers(("ETag" = String, description = "The answer's tag."))),
        (status = 304, description = "Nothing has changed."),
    )
)]
pub async fn list_my_rooms(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    headers: HeaderMap,
) -> Outcome {
    // Written where the call runs: hundreds of rooms take a while, and other requests wait on this thread.
    let write = |rooms: RoomsView| Tagged::new(serde_json::to_vec(&rooms).unwrap_or_default());
    let rooms = state.call(move |chat| Ok::<_, Problem>(write(chat.my_rooms(&actor)?))).await?;
    Ok(rooms.answer(&headers))
}

/// One of one's rooms.
#[utoipa::path(
    get, path = "/me/rooms/{room}", tag = "my rooms", params(RoomPlace),
    responses((status = 200, description = "The room.", body = ListingView))
)]
pub async fn get_my_room(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
) -> Outcome {
    Ok(reply::ok(&state.call(move |chat| chat.my_room(&actor, &place.room)).await?))
}

/// Moves one's read marker, on all devices.
#[utoipa::path(
    put, path = "/me/rooms/{room}/read", tag = "my rooms", params(RoomPlace), request_body = ReadBody,
    responses((status = 200, description = "How far one has read now, and what is left.", body = ReadView))
)]
pub async fn mark_read(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
    Json(body): Json<ReadBody>,
) -> Outcome {
    let call =
        state.call(move |chat| chat.mark_read(&actor, &place.room, body.serial.as_deref(), body.backwards));
    Ok(reply::ok(&call.await?))
}
