//! What requests and answers of everybody together may hold of the memory, whichever part of the server they are for.
//!
//! * `outgoing`: answers on their way out.

mod outgoing;

use std::{net::Ipv4Addr, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use loquat_protocol::ErrorInfo;

use self::outgoing::Outgoing;
use crate::{budget::network, front, rest, rest::Exchange, state::Peer};

/// How requests are refused that are not the realtime API's.
type Refuse = Option<fn(ErrorInfo) -> Response>;

#[derive(Clone, Default)]
struct Bounds {
    outgoing: Arc<Outgoing>,
    refuse: Refuse,
}

/// The bounds around all routes of a listener.
pub fn around(routes: Router, refuse: Refuse) -> Router {
    let bounds = Bounds { refuse, ..Bounds::default() };
    routes.layer(middleware::from_fn_with_state(bounds, hold))
}

async fn hold(State(bounds): State<Bounds>, mut request: Request, next: Next) -> Response {
    let address = request.extensions().get().map(|peer: &Peer| peer.address.ip());
    let client = network(address.unwrap_or(Ipv4Addr::UNSPECIFIED.into()));
    let exchange = Exchange::of(request.headers(), request.uri());
    request.extensions_mut().insert(exchange);
    let refuse = bounds.refuse.filter(|_| !front::is_realtime(request.uri().path()));
    let response = next.run(request).await;
    let error = match bounds.outgoing.count(client, response).await {
        Ok(response) => return response,
        Err(error) => error,
    };
    match refuse {
        Some(refuse) => refuse(error),
        None => rest::refuse(exchange, &error).await,
    }
}
