//! Invitations to the server.

use axum::extract::State;
use loquat_chat::views::InvitationView;

use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        client::Client,
        page::{Page, PageParams},
        params::Params,
        place::Place,
        reply::{self, Outcome},
    },
    routes::{
        invitations::{InvitationBody, InvitationReply},
        places::InvitationPlace,
    },
};

/// The invitations to the server, newest first, without their codes.
#[utoipa::path(
    get, path = "/admin/invitations", tag = "administration", params(PageParams),
    responses((status = 200, description = "A page of them.", body = Page<InvitationView>))
)]
pub async fn list_server_invitations(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(params): Params<PageParams>,
) -> Outcome {
    let (limit, after) = (params.limit()?, params.after()?);
    let call = state.call(move |chat| chat.server_invitations(&actor, after.as_ref(), limit + 1));
    Ok(reply::ok(&Page::of(call.await?, limit, |invitation| invitation.id.clone(), |invitation| invitation)))
}

/// Makes an invitation to the server. The answer is the only place where its code ever stands.
#[utoipa::path(
    post, path = "/admin/invitations", tag = "administration", request_body = InvitationBody,
    responses((status = 201, description = "The invitation with its link.", body = InvitationReply))
)]
pub async fn create_server_invitation(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    client: Client,
    Json(body): Json<InvitationBody>,
) -> Outcome {
    let new = body.read(state.now_ms())?;
    let created = state.call(move |chat| chat.invite_to_server(&actor, new)).await?;
    Ok(reply::created(&InvitationReply::new(created, &client.base)))
}

/// Revokes an invitation to the server. Who came by it stays.
#[utoipa::path(
    delete, path = "/admin/invitations/{invitation}", tag = "administration", params(InvitationPlace),
    responses((status = 204, description = "It lets nobody in any more."))
)]
pub async fn revoke_server_invitation(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<InvitationPlace>,
) -> Outcome {
    state.call(move |chat| chat.revoke_server_invitation(&actor, &place.invitation)).await?;
    Ok(reply::done())
}
