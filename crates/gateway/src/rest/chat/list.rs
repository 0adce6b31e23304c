//! A room's past.

use axum::extract::State;
use http::StatusCode;
use loquat_protocol::{Operation, entry::EntryKind};

use super::{message, room};
use crate::rest::{
    Rest,
    answer::{Outcome, answer},
    call::{Call, PathParts},
    history,
};

/// `GET /chat/v4/rooms/{room}/messages`: the room's messages and nothing else of its channel; pages, spans of time and
/// `fromSerial` as in a channel's history. Needs `history`.
pub async fn messages(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = room::channel(&call, &path, Operation::History)?;
    history::past(&rest, &call, channel, EntryKind::Message, "messages", message::messages).await
}

/// `GET /chat/v4/rooms/{room}/messages/{serial}`. Needs `history`.
pub async fn message(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = room::channel(&call, &path, Operation::History)?;
    let message = history::find(&rest, channel, path.get("serial"), message::messages).await?;
    Ok(answer(call.exchange.format, StatusCode::OK, &message))
}
