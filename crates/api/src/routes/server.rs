//! The server itself, open to everybody.

use axum::extract::State;
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiState,
    http::reply::{self, Outcome, Tagged},
    openapi,
};

/// What one has to know before one signs in.
#[derive(Serialize, ToSchema)]
#[schema(as = Server)]
pub struct ServerReply {
    /// The server's name.
    #[schema(example = "Loquat")]
    name: String,
    /// The program's version.
    #[schema(example = "0.2.0")]
    version: String,
    /// Who may make an account.
    #[schema(value_type = SignUpPolicy)]
    sign_up: &'static str,
    /// Whether there is no account yet: the first one is made with the set-up link.
    needs_setup: bool,
    /// Shortest password, in bytes of UTF-8.
    #[schema(example = 10)]
    password_bytes_min: usize,
    /// The app whose channels are the rooms.
    #[schema(example = "app")]
    app: String,
    /// Largest text of a message, in bytes of UTF-8.
    #[schema(example = 65536)]
    max_message_bytes: usize,
}

/// Who may make an account.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words")]
pub enum SignUpPolicy {
    /// Everybody who can connect.
    Open,
    /// Whoever has an invitation.
    Invitation,
    /// Nobody.
    Closed,
}

/// What one has to know before one signs in.
#[utoipa::path(
    get, path = "/server", tag = "server", security(()),
    responses((status = 200, description = "The server.", body = ServerReply))
)]
pub async fn get_server(State(state): State<ApiState>) -> Outcome {
    let needs_setup = state.call(|chat| chat.needs_setup()).await?;
    let (options, chat) = (state.options(), state.chat().options());
    Ok(reply::ok(&ServerReply {
        name: options.name.clone(),
        version: options.version.clone(),
        sign_up: chat.sign_up.as_str(),
        needs_setup,
        password_bytes_min: chat.password_bytes_min,
        app: chat.app.to_string(),
        max_message_bytes: chat.message_bytes_max,
    }))
}

/// This document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "server", security(()),
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` of the document that one has.")),
    responses(
        (status = 200, description = "The OpenAPI document.", body = Object,
            headers(("ETag" = String, description = "The document's tag."))),
        (status = 304, description = "It is the one that one has."),
    )
)]
pub async fn get_document(headers: HeaderMap) -> Outcome {
    let mut response = Tagged::new(openapi::text()).answer(&headers);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
