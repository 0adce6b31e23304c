//! The realtime REST API at the root of the listener.
//!
//! * `speak` is around every route: formats, errors, CORS, envelopes.
//! * `call`: who asks and what with; `body`: what a request brings along; `answer`: what goes back.
//! * `publish`, `history`, `presence`, `channel`, `tokens`, `apps`, `health`: the resources.
//! * `chat`: rooms and their messages as the chat SDKs see them.
//! * `absent`: what the protocol has and this release has not, and says so.

mod absent;
mod answer;
mod apps;
mod body;
mod call;
mod channel;
mod chat;
mod cors;
mod envelope;
mod exchange;
mod health;
mod history;
mod item;
mod page;
mod position;
mod presence;
mod publish;
mod reads;
mod speak;
mod tokens;
mod walk;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{any, delete, get, post},
};

use self::reads::Reads;
pub use self::{call::is_known, exchange::Exchange, speak::refuse};
use crate::state::State;

/// What the routes share.
#[derive(Clone)]
struct Rest {
    state: State,
    reads: Arc<Reads>,
}

/// The routes. Every path that is not one of them is answered with the protocol's 404.
pub fn router(state: State) -> Router {
    let sandbox = state.sandbox();
    let mut routes = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/time", get(health::time))
        .merge(channels())
        .merge(chat::routes())
        .merge(later())
        .route("/keys/{key_name}/requestToken", post(tokens::request));
    if sandbox {
        routes = routes.route("/apps", post(apps::create)).route("/apps/{app}", delete(apps::remove));
    }
    routes
        .fallback(absent::unknown)
        .method_not_allowed_fallback(absent::wrong_method)
        .layer(middleware::from_fn(speak::speak))
        .with_state(Rest { state, reads: Arc::default() })
}

fn channels() -> Router<Rest> {
    Router::new()
        .route("/channels/{channel}", get(channel::details))
        .route("/channels/{channel}/messages", get(history::messages).post(publish::publish))
        .route("/channels/{channel}/messages/{serial}", get(history::message).patch(absent::known))
        .route("/channels/{channel}/messages/{serial}/versions", get(history::versions))
        .route("/channels/{channel}/presence", get(presence::members))
        .route("/channels/{channel}/presence/history", get(presence::history))
}

/// What comes in later releases: the protocol has it, so the answer is not that it does not exist.
fn later() -> Router<Rest> {
    Router::new()
        .route("/channels", get(absent::known))
        .route("/channels/{channel}/messages/{serial}/annotations", any(absent::known))
        .route("/channels/{channel}/object", any(absent::known))
        .route("/channels/{channel}/object/{object}", any(absent::known))
        .route("/channels/{channel}/objects", any(absent::known))
        .route("/keys/{key_name}/revokeTokens", post(absent::known))
        .route("/messages", post(absent::known))
        .route("/presence", get(absent::known))
        .route("/stats", get(absent::known).post(absent::known))
        .route("/push/{*rest}", any(absent::known))
        .route("/sse", any(absent::transport))
        .route("/event-stream", any(absent::transport))
        .route("/comet/{*rest}", any(absent::transport))
}
