//! Where one is signed in.

use axum::extract::State;
use loquat_chat::views::SessionView;
use serde::Serialize;
use utoipa::ToSchema;

use super::places::SessionPlace;
use crate::{
    ApiState,
    http::{
        caller::Caller,
        place::Place,
        reply::{self, Outcome},
    },
};

/// One's sessions.
#[derive(Serialize, ToSchema)]
#[schema(as = Sessions)]
pub struct SessionsReply {
    /// The one seen last first.
    items: Vec<SessionView>,
}

/// The browsers and apps in which one is signed in.
#[utoipa::path(
    get, path = "/me/sessions", tag = "me",
    responses((status = 200, description = "All of them.", body = SessionsReply))
)]
pub async fn list_sessions(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    let items = state.call(move |chat| chat.sessions(&actor)).await?;
    Ok(reply::ok(&SessionsReply { items }))
}

/// Ends a session; its open connections are cut within a second.
#[utoipa::path(
    delete, path = "/me/sessions/{session}", tag = "me", params(SessionPlace),
    responses((status = 204, description = "It has ended."))
)]
pub async fn end_session(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<SessionPlace>,
) -> Outcome {
    state.call(move |chat| chat.end_session(&actor, &place.session)).await?;
    Ok(reply::done())
}

/// Ends every session but this one.
#[utoipa::path(
    delete, path = "/me/sessions", tag = "me",
    responses((status = 204, description = "All others have ended."))
)]
pub async fn end_other_sessions(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    state.call(move |chat| chat.end_other_sessions(&actor)).await?;
    Ok(reply::done())
}
