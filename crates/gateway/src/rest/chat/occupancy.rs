//! How many are in a room.

use axum::extract::State;
use http::StatusCode;
use loquat_protocol::Operation;
use serde::Serialize;

use super::room;
use crate::rest::{
    Rest,
    answer::{Outcome, answer},
    call::{Call, PathParts},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Occupancy {
    connections: u32,
    presence_members: usize,
}

/// `GET /chat/v4/rooms/{room}/occupancy`: attached connections and present members. Needs `channel-metadata`.
pub async fn occupancy(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = room::channel(&call, &path, Operation::ChannelMetadata)?;
    let node = rest.state.node();
    let occupancy = Occupancy {
        connections: node.occupancy().of(&channel).connections,
        presence_members: node.presence().count(&channel),
    };
    Ok(answer(call.exchange.format, StatusCode::OK, &occupancy))
}
