//! Rooms as the chat SDKs see them, `/chat/v4`. A room is there as soon as somebody uses it: it is a channel
//! ([`loquat_protocol::room`]), and whoever may use the channel may use the room.
//!
//! * `room`: what the path and the rights say. `message`: a message's shape.
//! * `send`, `list`, `occupancy`: what can be asked.
//! * `later`: what the SDKs can ask for and this release has not.

mod later;
mod list;
mod message;
mod occupancy;
mod room;
mod send;

use axum::{
    Router,
    routing::{get, post, put},
};

use super::Rest;

/// The routes.
pub fn routes() -> Router<Rest> {
    Router::new()
        .route("/chat/v4/rooms/{room}/messages", get(list::messages).post(send::send))
        .route("/chat/v4/rooms/{room}/occupancy", get(occupancy::occupancy))
        .merge(of_a_message())
}

fn of_a_message() -> Router<Rest> {
    let path = |more| format!("/chat/v4/rooms/{{room}}/messages/{{serial}}{more}");
    Router::new()
        .route(&path(""), put(later::update).get(list::message))
        .route(&path("/delete"), post(later::delete))
        .route(&path("/versions"), get(later::versions))
        .route(&path("/reactions"), post(later::reactions).delete(later::reactions))
        .route(&path("/client-reactions"), get(later::reactions))
}
