//! For administrators of the server; for everybody else each of these is refused.

mod invitations;
mod keys;
mod people;
mod rooms;
mod stats;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::ApiState;

/// The routes under `/admin`.
pub fn api() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(people::list_accounts))
        .routes(routes!(people::change_account))
        .routes(routes!(people::create_reset))
        .routes(routes!(people::list_recoveries))
        .routes(routes!(invitations::list_server_invitations, invitations::create_server_invitation))
        .routes(routes!(invitations::revoke_server_invitation))
        .routes(routes!(rooms::list_all_rooms))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::revoke_key))
        .routes(routes!(stats::get_stats))
}
