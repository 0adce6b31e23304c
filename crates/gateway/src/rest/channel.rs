//! A channel's status (specification RSL8, CHD, CHS, CHO, CHM).

use axum::extract::State;
use http::StatusCode;
use loquat_protocol::Operation;
use serde::Serialize;

use super::{
    Rest,
    answer::{Outcome, answer},
    call::{Call, PathParts},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChannelDetails<'a> {
    channel_id: &'a str,
    name: &'a str,
    status: Status,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    is_active: bool,
    occupancy: Occupancy,
}

#[derive(Serialize)]
struct Occupancy {
    metrics: Metrics,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metrics {
    connections: u32,
    presence_connections: u32,
    presence_members: usize,
    presence_subscribers: u32,
    publishers: u32,
    subscribers: u32,
}

/// `GET /channels/{channel}`: who is on it, in numbers. Needs `channel-metadata`.
pub async fn details(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = call.channel(path.channel()?, Operation::ChannelMetadata)?;
    let node = rest.state.node();
    let (counts, members) = (node.occupancy().of(&channel), node.presence().count(&channel));
    let metrics = Metrics {
        connections: counts.connections,
        presence_connections: counts.presence_connections,
        presence_members: members,
        presence_subscribers: counts.presence_subscribers,
        publishers: counts.publishers,
        subscribers: counts.subscribers,
    };
    let name = channel.name.as_str();
    let is_active = counts.connections > 0 || members > 0;
    let status = Status { is_active, occupancy: Occupancy { metrics } };
    Ok(answer(call.exchange.format, StatusCode::OK, &ChannelDetails { channel_id: name, name, status }))
}
