//! The way back for who has lost their password: an administrator hands out a link.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiState,
    http::{
        body::Json,
        client::Client,
        reply::{self, Outcome},
    },
};

/// Who asks for help.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecoveryRequest)]
pub struct RecoveryBody {
    /// A handle or an e-mail address.
    // No bounds: whatever it is, the answer is the same.
    #[schema(example = "maria")]
    login: String,
}

/// A new password in return for a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecoveryCompletion)]
pub struct CompleteBody {
    /// The code of the link that an administrator gave.
    #[schema(min_length = 1, max_length = 100)]
    code: String,
    /// The new password.
    #[schema(min_length = 8, max_length = 1024, format = Password)]
    password: String,
}

/// Asks the administrators for help. The answer is the same whether or not there is such an account.
#[utoipa::path(
    post, path = "/recovery", tag = "entrance", security(()), request_body = RecoveryBody,
    responses((status = 202, description = "If there is such an account, its administrators see the request."))
)]
pub async fn request_recovery(
    State(state): State<ApiState>,
    client: Client,
    Json(body): Json<RecoveryBody>,
) -> Outcome {
    let visitor = client.visitor();
    state.call(move |chat| chat.request_recovery(&visitor, &body.login)).await?;
    let mut response = reply::done();
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

/// Sets a new password and ends every session of the account. A code works once.
#[utoipa::path(
    post, path = "/recovery/complete", tag = "entrance", security(()), request_body = CompleteBody,
    responses((status = 204, description = "The password is set: sign in with it."))
)]
pub async fn complete_recovery(
    State(state): State<ApiState>,
    client: Client,
    Json(body): Json<CompleteBody>,
) -> Outcome {
    let visitor = client.visitor();
    state.hash(move |chat| chat.complete_recovery(&visitor, &body.code, &body.password)).await?;
    Ok(reply::done())
}
