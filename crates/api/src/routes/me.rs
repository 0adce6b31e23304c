//! One's own account.

use axum::extract::State;
use http::HeaderMap;
use loquat_chat::{ProfileChange, views::AccountView};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiState,
    http::{
        body::{Json, present},
        caller::Caller,
        client::Client,
        etag,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// What to change about oneself. An absent field stays; `null` clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProfileChange)]
pub struct ChangeBody {
    /// What one is called.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80, example = "Maria Okonkwo", nullable = false)]
    name: Option<String>,
    /// What one is mentioned by.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,30}[A-Za-z0-9]$", example = "maria")]
    handle: Option<String>,
    /// One's e-mail address.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 254, pattern = "^[^@\\s\\u0000-\\u001f\\u007f-\\u009f]+@[^@\\s\\u0000-\\u001f\\u007f-\\u009f]+$")]
    email: Option<Option<String>>,
    /// One's time zone, by its IANA name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z][A-Za-z0-9_+/-]{0,63}$", example = "Europe/Prague")]
    time_zone: Option<Option<String>>,
}

/// A password for another one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordChange)]
pub struct PasswordBody {
    /// The present password.
    #[schema(min_length = 1, max_length = 1024, format = Password)]
    current: String,
    /// The new password.
    #[schema(min_length = 8, max_length = 1024, format = Password)]
    new: String,
}

/// Who one is.
#[utoipa::path(
    get, path = "/me", tag = "me",
    responses((status = 200, description = "One's own account.", body = AccountView,
        headers(("ETag" = String, description = "The account's version, for `If-Match`."))))
)]
pub async fn get_me(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    let account = state.call(move |chat| chat.me(&actor)).await?;
    Ok(reply::tagged_with(&account, etag::of_version(account.person.version)))
}

/// Changes what is given about oneself, all or nothing.
#[utoipa::path(
    patch, path = "/me", tag = "me", request_body = ChangeBody,
    params(("If-Match" = Option<String>, Header, example = "\"v42\"", description = "The `ETag` that the change is meant for.")),
    responses(
        (status = 200, description = "The account as it is now.", body = AccountView,
            headers(("ETag" = String, description = "The account's new version."))),
        (status = 409, description = "The handle or the e-mail address is taken.", body = Problem,
            content_type = "application/problem+json"),
        (status = 412, description = "It was changed in the meantime.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn change_me(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    client: Client,
    headers: HeaderMap,
    Json(body): Json<ChangeBody>,
) -> Outcome {
    let change =
        ProfileChange { name: body.name, handle: body.handle, email: body.email, time_zone: body.time_zone };
    let version = etag::wanted_version(&headers)?;
    let visitor = client.visitor();
    let account = state.call(move |chat| chat.change_profile(&actor, &visitor, &change, version)).await?;
    Ok(reply::tagged_with(&account, etag::of_version(account.person.version)))
}

/// Sets another password. Every other session ends; this one goes on.
#[utoipa::path(
    put, path = "/me/password", tag = "me", request_body = PasswordBody,
    responses((status = 204, description = "The password is set."))
)]
pub async fn change_password(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    client: Client,
    Json(body): Json<PasswordBody>,
) -> Outcome {
    let visitor = client.visitor();
    state.hash(move |chat| chat.change_password(&actor, &visitor, &body.current, &body.new)).await?;
    Ok(reply::done())
}

/// A token for the realtime protocol: it names the person and the session, and ends with them.
#[utoipa::path(
    post, path = "/me/realtime-token", tag = "me",
    responses((status = 200, description = "The token, in the form that realtime SDKs take.", body = RealtimeToken))
)]
pub async fn create_realtime_token(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    let token = state.call(move |chat| chat.realtime_token(&actor)).await?;
    Ok(reply::ok(&token))
}

/// A token for the realtime protocol, in the form that realtime SDKs take.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it only describes the form")]
pub struct RealtimeToken {
    /// The token.
    token: String,
    /// When it was issued, milliseconds since 1970.
    issued: u64,
    /// When it ends, milliseconds since 1970; the client then asks for another one.
    expires: u64,
    /// The person's id.
    client_id: String,
}
