//! Accounts, as administrators look after them.

use axum::extract::State;
use loquat_chat::{
    AccountChange,
    views::{ManagedAccountView, RecoveryView},
};
use loquat_store::people::PersonRole;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        client::Client,
        page::{Page, SearchParams},
        params::Params,
        place::Place,
        reply::{self, Outcome},
    },
    problem::Problem,
    routes::places::PersonPlace,
};

/// What to change about an account. An absent field stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountChange)]
pub struct ChangeBody {
    /// What they are to the server.
    #[schema(value_type = Option<PersonRoleText>)]
    role: Option<PersonRole>,
    /// Whether the account is out of use; its sessions then end at once.
    deactivated: Option<bool>,
}

/// What a person is to the server.
#[derive(ToSchema)]
#[schema(as = PersonRole, rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words")]
pub enum PersonRoleText {
    /// Looks after people, rooms and keys.
    Administrator,
    /// Everybody else.
    Member,
}

/// A link by which somebody sets a new password.
#[derive(Serialize, ToSchema)]
#[schema(as = PasswordReset)]
pub struct ResetReply {
    /// The code, which is shown this once.
    code: String,
    /// The link to hand to them.
    #[schema(example = "https://chat.example.org/recover#3q2-7w0aVh5mJt8yXc1uRzLkNpQfEbGdHsIoTvWxYZ4")]
    url: String,
    /// When it ends, milliseconds since 1970.
    expires_ms: u64,
}

/// Who asked for help.
#[derive(Serialize, ToSchema)]
#[schema(as = Recoveries)]
pub struct RecoveriesReply {
    /// The newest first.
    items: Vec<RecoveryView>,
}

/// All accounts whose handle, or any word of whose name, begins with a text; by handle.
#[utoipa::path(
    get, path = "/admin/people", tag = "administration", params(SearchParams),
    responses((status = 200, description = "A page of them.", body = Page<ManagedAccountView>))
)]
pub async fn list_accounts(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(params): Params<SearchParams>,
) -> Outcome {
    let (page, prefix) = (params.page(), params.prefix()?.to_owned());
    let (limit, after) = (page.limit()?, page.after()?);
    let accounts = state.call(move |chat| chat.accounts(&actor, &prefix, after.as_ref(), limit + 1)).await?;
    Ok(reply::ok(&Page::of(accounts, limit, |managed| managed.account.person.id.clone(), |managed| managed)))
}

/// Changes somebody's role, or takes their account out of use or back into it.
#[utoipa::path(
    patch, path = "/admin/people/{person}", tag = "administration", params(PersonPlace),
    request_body = ChangeBody,
    responses(
        (status = 200, description = "The account as it is now.", body = ManagedAccountView),
        (status = 409, description = "The server would have no administrator.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn change_account(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<PersonPlace>,
    Json(body): Json<ChangeBody>,
) -> Outcome {
    let change = AccountChange { role: body.role, deactivated: body.deactivated };
    Ok(reply::ok(&state.call(move |chat| chat.change_account(&actor, &place.person, change)).await?))
}

/// Makes a link by which somebody sets a new password, for an administrator to hand over. It replaces an earlier one.
#[utoipa::path(
    post, path = "/admin/people/{person}/reset", tag = "administration", params(PersonPlace),
    responses((status = 201, description = "The link.", body = ResetReply))
)]
pub async fn create_reset(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    client: Client,
    Place(place): Place<PersonPlace>,
) -> Outcome {
    let reset = state.call(move |chat| chat.reset_password(&actor, &place.person)).await?;
    let url = format!("{}/recover#{}", client.base, reset.code);
    Ok(reply::created(&ResetReply { code: reset.code, url, expires_ms: reset.expires_ms }))
}

/// Who cannot sign in and asked for help.
#[utoipa::path(
    get, path = "/admin/recoveries", tag = "administration",
    responses((status = 200, description = "The newest of them.", body = RecoveriesReply))
)]
pub async fn list_recoveries(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    let items = state.call(move |chat| chat.recoveries(&actor)).await?;
    Ok(reply::ok(&RecoveriesReply { items }))
}
