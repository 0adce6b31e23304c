//! What is the same for every route: the format of errors, envelopes, CORS and the headers that keep browsers safe.

use std::{net::Ipv4Addr, sync::Arc};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, Method, header};
use loquat_protocol::ErrorInfo;

use super::{answer, cors, envelope, exchange::Exchange, outgoing::Outgoing};
use crate::{budget::network, state::Peer};

/// The layer around the routes.
pub async fn speak(State(outgoing): State<Arc<Outgoing>>, mut request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS {
        return cors::preflight(request.headers());
    }
    let exchange = Exchange::of(request.headers(), request.uri());
    request.extensions_mut().insert(exchange);
    let address = request.extensions().get().map(|peer: &Peer| peer.address.ip());
    let client = network(address.unwrap_or(Ipv4Addr::UNSPECIFIED.into()));
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ErrorInfo>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = answer::error(exchange.format, &error);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    if exchange.envelope {
        response = envelope::wrap(exchange.format, response).await;
    }
    response = match outgoing.count(client, response).await {
        Ok(response) => response,
        Err(error) => answer::error(exchange.format, &error),
    };
    cors::open(response.headers_mut());
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
