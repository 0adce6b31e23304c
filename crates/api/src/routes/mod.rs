//! The routes of `/api/v1`, a file per noun. A handler reads the request, calls one service and hands back what it says.

mod admin;
mod entrance;
mod expiry;
mod invitations;
mod me;
mod members;
mod messages;
mod my_rooms;
mod people;
mod places;
mod recovery;
mod rooms;
mod server;
mod sessions;
mod tokens;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::ApiState;

/// Every route with its description, relative to [`crate::openapi::BASE`].
pub fn api() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().merge(open()).merge(own()).merge(people_and_rooms()).merge(admin::api())
}

fn open() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(server::get_server))
        .routes(routes!(server::get_document))
        .routes(routes!(entrance::set_up))
        .routes(routes!(entrance::sign_up))
        .routes(routes!(entrance::sign_in))
        .routes(routes!(entrance::sign_out))
        .routes(routes!(recovery::request_recovery))
        .routes(routes!(recovery::complete_recovery))
        .routes(routes!(invitations::get_invitation))
        .routes(routes!(invitations::accept_invitation))
}

fn own() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(me::get_me, me::change_me))
        .routes(routes!(me::change_password))
        .routes(routes!(me::create_realtime_token))
        .routes(routes!(sessions::list_sessions, sessions::end_other_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(my_rooms::list_my_rooms))
        .routes(routes!(my_rooms::get_my_room))
        .routes(routes!(my_rooms::mark_read))
}

fn people_and_rooms() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(people::list_people))
        .routes(routes!(people::get_person))
        .routes(routes!(people::look_up_people))
        .routes(routes!(rooms::list_rooms, rooms::create_room))
        .routes(routes!(rooms::get_room, rooms::change_room))
        .routes(routes!(rooms::join_room))
        .routes(routes!(members::list_members))
        .routes(routes!(members::set_member, members::remove_member))
        .routes(routes!(messages::send_message))
        .routes(routes!(invitations::list_room_invitations, invitations::create_room_invitation))
        .routes(routes!(invitations::revoke_room_invitation))
}
