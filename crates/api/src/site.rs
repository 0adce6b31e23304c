//! Everything that this crate serves, in the form in which a listener takes it.

use axum::{
    Router,
    extract::FromRequestParts,
    middleware,
    response::{IntoResponse, Response},
    routing::any,
};
use http::request::Parts;
use loquat_protocol::ErrorInfo;

use crate::{
    ApiState, Problem,
    http::{body, caller::Caller, guard, idempotency, origin},
    openapi, routes,
    web::{self, App},
};

/// What a listener serves for the chat product.
pub struct Site {
    /// Routes of exact paths: `/api/v1/…` and the web app's files. It has no fallback.
    pub routes: Router,
    /// Answers GET and HEAD of any path with the web app's page; which paths those are is for the listener to say.
    pub page: Router,
}

/// The API and the web app.
pub fn site(state: ApiState) -> Site {
    let App { files, page } = web::app(state.clone());
    Site { routes: api(state).merge(files), page }
}

/// Both as one router, for a listener that serves nothing else: every path that is no route is the page.
pub fn router(state: ApiState) -> Router {
    let Site { routes, page } = site(state);
    routes.fallback_service(page)
}

/// A request that the listener has no room for: a problem, as every refusal is.
pub fn refuse(error: ErrorInfo) -> Response {
    let mut response = Problem::from(error).retry_after_ms(1_000).into_response();
    guard::protect(response.headers_mut());
    response
}

/// Whether a request with this head comes from somebody who is signed in; for a listener that has little room left.
pub async fn is_known(state: ApiState, mut head: Parts) -> bool {
    Caller::from_request_parts(&mut head, &state).await.is_ok()
}

fn api(state: ApiState) -> Router {
    let (routes, _) = routes::api().split_for_parts();
    Router::new()
        .nest(openapi::BASE, routes)
        .route("/api", any(guard::unknown))
        .route("/api/", any(guard::unknown))
        .route("/api/{*rest}", any(guard::unknown))
        .method_not_allowed_fallback(guard::wrong_method)
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::once))
        .layer(middleware::from_fn_with_state(state.clone(), body::arrive))
        .layer(middleware::from_fn_with_state(state.clone(), origin::check))
        .layer(middleware::from_fn(guard::guard))
        .with_state(state)
}
