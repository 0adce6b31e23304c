//! What is the same for every route: the format of errors, envelopes, CORS and the headers that keep browsers safe.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderValue, Method, header};
use loquat_protocol::ErrorInfo;

use super::{answer, cors, envelope, exchange::Exchange};

/// The layer around the routes.
pub async fn speak(mut request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS {
        return cors::preflight(request.headers());
    }
    let known = request.extensions().get().copied();
    let exchange = known.unwrap_or_else(|| Exchange::of(request.headers(), request.uri()));
    request.extensions_mut().insert(exchange);
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ErrorInfo>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = answer::error(exchange.format, &error);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    dressed(exchange, response).await
}

/// What a request is told that no route was asked about.
pub async fn refuse(exchange: Exchange, error: &ErrorInfo) -> Response {
    dressed(exchange, answer::error(exchange.format, error)).await
}

async fn dressed(exchange: Exchange, mut response: Response) -> Response {
    if exchange.envelope {
        response = envelope::wrap(exchange.format, response).await;
    }
    let headers = response.headers_mut();
    cors::open(headers);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
