//! Live numbers.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiState,
    http::{
        caller::Caller,
        reply::{self, Outcome},
    },
};

/// What goes on at this moment. Totals count since the start.
#[derive(Serialize, ToSchema)]
#[schema(as = Stats)]
pub struct StatsReply {
    /// As of when, milliseconds since 1970.
    now_ms: u64,
    /// How long the server has been running, in milliseconds.
    uptime_ms: u64,
    /// Open realtime connections.
    connections: u64,
    /// Channels that somebody is attached to.
    channels: u64,
    /// Messages that were published in a second, lately.
    messages_per_second: f64,
    /// Messages that were published.
    messages_published_total: u64,
    /// Messages that were delivered to connections.
    messages_delivered_total: u64,
    /// Accounts, deactivated ones too.
    people: u64,
    /// Rooms, archived ones too.
    rooms: u64,
}

/// What goes on at this moment.
#[utoipa::path(
    get, path = "/admin/stats", tag = "administration",
    responses((status = 200, description = "The numbers.", body = StatsReply))
)]
pub async fn get_stats(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    let (people, rooms) = state.call(move |chat| chat.counts(&actor)).await?;
    let (now_ms, numbers) = (state.now_ms(), state.numbers());
    let published = numbers.messages_published_total;
    Ok(reply::ok(&StatsReply {
        now_ms,
        uptime_ms: now_ms.saturating_sub(numbers.started_ms),
        connections: numbers.connections,
        channels: numbers.channels,
        messages_per_second: state.rate().per_second(published, numbers.started_ms, now_ms),
        messages_published_total: published,
        messages_delivered_total: numbers.messages_delivered_total,
        people,
        rooms,
    }))
}
