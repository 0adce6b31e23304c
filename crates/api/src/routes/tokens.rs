//! Secrets with which one's scripts act as oneself.

use axum::extract::State;
use loquat_chat::views::{CreatedTokenView, TokenView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{expiry, places::TokenPlace};
use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        place::Place,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// One's tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiTokens)]
pub struct TokensReply {
    /// The newest first.
    items: Vec<TokenView>,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiToken)]
pub struct TokenBody {
    /// What it is for.
    #[schema(min_length = 1, max_length = 80, example = "backup script")]
    name: String,
    /// When it is to end, milliseconds since 1970; not together with `expires_in_ms`. Without either, it lasts until it
    /// is revoked.
    #[schema(maximum = 9007199254740991u64)]
    expires_ms: Option<u64>,
    /// In how many milliseconds it is to end.
    #[schema(minimum = 1, maximum = 315360000000u64, example = 2592000000u64)]
    expires_in_ms: Option<u64>,
}

/// One's API tokens, without their secrets.
#[utoipa::path(
    get, path = "/me/tokens", tag = "me",
    responses((status = 200, description = "All of them.", body = TokensReply))
)]
pub async fn list_tokens(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    let items = state.call(move |chat| chat.tokens(&actor)).await?;
    Ok(reply::ok(&TokensReply { items }))
}

/// Makes an API token. The answer is the only place where its secret ever stands.
#[utoipa::path(
    post, path = "/me/tokens", tag = "me", request_body = TokenBody,
    responses(
        (status = 201, description = "The token with its secret.", body = CreatedTokenView),
        (status = 409, description = "There are as many tokens as there may be.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn create_token(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Json(body): Json<TokenBody>,
) -> Outcome {
    let expires_ms = expiry::of(body.expires_ms, body.expires_in_ms, state.now_ms())?;
    let created = state.call(move |chat| chat.create_token(&actor, &body.name, expires_ms)).await?;
    Ok(reply::created(&created))
}

/// Revokes a token; its open connections are cut within a second.
#[utoipa::path(
    delete, path = "/me/tokens/{token}", tag = "me", params(TokenPlace),
    responses((status = 204, description = "It is revoked."))
)]
pub async fn revoke_token(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<TokenPlace>,
) -> Outcome {
    state.call(move |chat| chat.revoke_token(&actor, &place.token)).await?;
    Ok(reply::done())
}
