//! Sending to a room.

use axum::extract::State;
use http::HeaderMap;
use loquat_chat::NewMessage;
use loquat_store::people::RoomId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::places::RoomPlace;
use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        idempotency,
        place::Place,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// A message to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMessage)]
pub struct MessageBody {
    /// What to say, as Markdown; no longer than the server's `max_message_bytes`.
    #[schema(min_length = 1, max_length = 65536, pattern = "\\S", example = "The **plums** are ripe")]
    text: String,
    /// What programs want to say beside it.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Map<String, Value>>,
    /// What programs tell messages apart by. `loquat-id` is the server's.
    #[schema(value_type = Option<std::collections::BTreeMap<String, HeaderValueText>>)]
    headers: Option<Map<String, Value>>,
}

/// The value of a header.
#[derive(ToSchema)]
#[schema(as = HeaderValue)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes the values")]
pub enum HeaderValueText {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
}

/// A message that is stored.
#[derive(Serialize, ToSchema)]
#[schema(as = SentMessage)]
pub struct MessageReply {
    /// Its serial, which orders the room's messages as text.
    serial: String,
    /// The room.
    #[schema(value_type = String)]
    room: RoomId,
    /// What was said.
    text: String,
    /// When, milliseconds since 1970.
    created_ms: u64,
}

/// Sends a message to a room. It is answered when it is stored for good. With an `Idempotency-Key` it is stored once
/// however often it is sent, and carries the key as the header `loquat-id`, so that its sender knows it again.
#[utoipa::path(
    post, path = "/rooms/{room}/messages", tag = "messages", params(RoomPlace), request_body = MessageBody,
    responses(
        (status = 201, description = "It is stored.", body = MessageReply),
        (status = 409, description = "The room is archived, or the key is in use.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn send_message(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<RoomPlace>,
    headers: HeaderMap,
    Json(body): Json<MessageBody>,
) -> Outcome {
    let key = idempotency::key(&headers)?.map(str::to_owned);
    let (room, text) = (place.room.clone(), body.text.clone());
    let message = NewMessage { text: body.text, metadata: body.metadata, headers: body.headers, key };
    let sending = state.call(move |chat| chat.send_message(&actor, &place.room, message)).await?;
    let sent = sending.await?;
    Ok(reply::created(&MessageReply { serial: sent.serial, room, text, created_ms: sent.created_ms }))
}
