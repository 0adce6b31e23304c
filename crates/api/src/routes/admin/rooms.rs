//! Rooms, as administrators see them: names and counts, not what is said there.

use axum::extract::State;
use loquat_chat::views::RoomView;

use crate::{
    ApiState,
    http::{
        caller::Caller,
        page::{Page, PageParams},
        params::Params,
        reply::{self, Outcome},
    },
};

/// All rooms, oldest first, archived ones too.
#[utoipa::path(
    get, path = "/admin/rooms", tag = "administration", params(PageParams),
    responses((status = 200, description = "A page of them.", body = Page<RoomView>))
)]
pub async fn list_all_rooms(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(params): Params<PageParams>,
) -> Outcome {
    let (limit, after) = (params.limit()?, params.after()?);
    let rooms = state.call(move |chat| chat.all_rooms(&actor, after.as_ref(), limit + 1)).await?;
    Ok(reply::ok(&Page::of(rooms, limit, |room| room.id.clone(), |room| room)))
}
