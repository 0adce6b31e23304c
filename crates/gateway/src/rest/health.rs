//! Whether the server lives, whether it can work, and what time it has.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use loquat_node::clock::wall_ms;
use serde::Serialize;

use super::{Rest, answer::answer, exchange::Exchange};

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// `GET /healthz`: the process answers.
pub async fn live() -> Response {
    "ok".into_response()
}

/// `GET /readyz`: 200 when the node can do its work, else 503 with the reason.
pub async fn ready(State(rest): State<Rest>, exchange: Exchange) -> Response {
    match rest.state.node().readiness() {
        Ok(()) => answer(exchange.format, StatusCode::OK, &Readiness { status: "ready", reason: None }),
        Err(reason) => {
            let body = Readiness { status: "not ready", reason: Some(reason) };
            answer(exchange.format, StatusCode::SERVICE_UNAVAILABLE, &body)
        }
    }
}

/// `GET /time` (RSC16): milliseconds since 1970, in a list of one.
pub async fn time(exchange: Exchange) -> Response {
    answer(exchange.format, StatusCode::OK, &[wall_ms()])
}
