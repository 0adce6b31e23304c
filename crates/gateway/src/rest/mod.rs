//! The realtime REST API at the root of the listener.

use axum::Router;

use crate::state::State;

/// The routes.
pub fn router(state: State) -> Router {
    Router::new().with_state(state)
}
