//! How people come in and go out.

use axum::{extract::State, response::Response};
use http::{StatusCode, header};
use loquat_chat::{NewAccount, SignedIn, views::AccountView};
use loquat_store::people::RoomId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        client::Client,
        cookie,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// The first account of a server.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SetUp)]
pub struct SetUpBody {
    /// The code of the set-up link that the server printed.
    #[schema(min_length = 1, max_length = 100)]
    code: String,
    /// What they are mentioned by.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,30}[A-Za-z0-9]$", example = "maria")]
    handle: String,
    /// What they are called.
    #[schema(min_length = 1, max_length = 80, example = "Maria Okonkwo")]
    name: String,
    /// Their e-mail address.
    #[schema(
        max_length = 254,
        pattern = "^[^@\\s\\u0000-\\u001f\\u007f-\\u009f]+@[^@\\s\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "maria@example.org"
    )]
    email: Option<String>,
    /// Their password.
    #[schema(min_length = 8, max_length = 1024, format = Password)]
    password: String,
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignUp)]
pub struct SignUpBody {
    /// What they are mentioned by.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,30}[A-Za-z0-9]$", example = "tomas")]
    handle: String,
    /// What they are called.
    #[schema(min_length = 1, max_length = 80, example = "Tomás Novák")]
    name: String,
    /// Their e-mail address.
    #[schema(
        max_length = 254,
        pattern = "^[^@\\s\\u0000-\\u001f\\u007f-\\u009f]+@[^@\\s\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "tomas@example.org"
    )]
    email: Option<String>,
    /// Their password.
    #[schema(min_length = 8, max_length = 1024, format = Password)]
    password: String,
    /// The code of an invitation, to the server or to a room, which they then join.
    #[schema(max_length = 100)]
    invitation: Option<String>,
}

/// Who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignIn)]
pub struct SignInBody {
    /// A handle or an e-mail address.
    #[schema(min_length = 1, max_length = 254, example = "maria")]
    login: String,
    /// The password.
    #[schema(min_length = 1, max_length = 1024, format = Password)]
    password: String,
}

/// Somebody who is signed in now, by the cookie that comes along.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub struct SignedInReply {
    /// They themselves.
    person: AccountView,
    /// The room that their invitation has brought them into.
    #[schema(value_type = Option<String>, required = true)]
    room: Option<RoomId>,
}

/// Makes the first account, an administrator's, and signs it in.
#[utoipa::path(
    post, path = "/setup", tag = "entrance", security(()), request_body = SetUpBody,
    responses(
        (status = 201, description = "The account, signed in.", body = SignedInReply,
            headers(("Set-Cookie" = String, description = "The session."))),
        (status = 409, description = "The handle or the e-mail address is taken.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn set_up(State(state): State<ApiState>, client: Client, Json(body): Json<SetUpBody>) -> Outcome {
    let visitor = client.visitor();
    let account =
        NewAccount { handle: body.handle, name: body.name, email: body.email, password: body.password };
    let signed_in = state.hash(move |chat| chat.set_up(&visitor, &body.code, &account)).await?;
    Ok(admitted(StatusCode::CREATED, signed_in, &state, &client))
}

/// Makes an account and signs it in.
#[utoipa::path(
    post, path = "/sign-up", tag = "entrance", security(()), request_body = SignUpBody,
    responses(
        (status = 201, description = "The account, signed in.", body = SignedInReply,
            headers(("Set-Cookie" = String, description = "The session."))),
        (status = 404, description = "There is no such invitation.", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "The handle or the e-mail address is taken.", body = Problem,
            content_type = "application/problem+json"),
        (status = 410, description = "The invitation has expired or is used up.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn sign_up(State(state): State<ApiState>, client: Client, Json(body): Json<SignUpBody>) -> Outcome {
    let visitor = client.visitor();
    let account =
        NewAccount { handle: body.handle, name: body.name, email: body.email, password: body.password };
    let call = state.hash(move |chat| chat.sign_up(&visitor, &account, body.invitation.as_deref()));
    let signed_in = call.await?;
    Ok(admitted(StatusCode::CREATED, signed_in, &state, &client))
}

/// Signs somebody in. A wrong password and an unknown account are answered alike, in words and in time.
#[utoipa::path(
    post, path = "/sign-in", tag = "entrance", security(()), request_body = SignInBody,
    responses(
        (status = 200, description = "Signed in.", body = SignedInReply,
            headers(("Set-Cookie" = String, description = "The session."))),
        (status = 401, description = "The handle, the e-mail address or the password is wrong.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn sign_in(State(state): State<ApiState>, client: Client, Json(body): Json<SignInBody>) -> Outcome {
    let visitor = client.visitor();
    let signed_in = state.hash(move |chat| chat.sign_in(&visitor, &body.login, &body.password)).await?;
    Ok(admitted(StatusCode::OK, signed_in, &state, &client))
}

/// Ends the session and takes its cookie back. Without a session nothing happens.
#[utoipa::path(
    post, path = "/sign-out", tag = "entrance", security((), ("cookie" = [])),
    responses((status = 204, description = "Signed out.", headers(("Set-Cookie" = String, description = "None."))))
)]
pub async fn sign_out(
    State(state): State<ApiState>,
    client: Client,
    caller: Result<Caller, Problem>,
) -> Outcome {
    match caller {
        Ok(Caller(actor)) => state.call(move |chat| chat.sign_out(&actor)).await?,
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {}
        Err(problem) => return Err(problem),
    }
    let mut response = reply::done();
    response.headers_mut().insert(header::SET_COOKIE, cookie::clear(client.secure));
    Ok(response)
}

/// Sends the session's secret along, in the cookie and nowhere else.
fn admitted(status: StatusCode, signed_in: SignedIn, state: &ApiState, client: &Client) -> Response {
    let SignedIn { account, secret, room, .. } = signed_in;
    let mut response = reply::json(status, &SignedInReply { person: account, room });
    let ttl_ms = state.chat().options().session_ttl_ms;
    response.headers_mut().insert(header::SET_COOKIE, cookie::set(&secret, client.secure, ttl_ms));
    response
}
