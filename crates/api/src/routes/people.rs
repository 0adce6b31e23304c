//! The people of this server.

use axum::extract::State;
use loquat_chat::views::PersonView;
use loquat_store::people::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::places::PersonPlace;
use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        page::{Page, SearchParams},
        params::Params,
        place::Place,
        reply::{self, Outcome},
    },
};

/// Most people that are looked up at once.
const LOOKUP_MAX: usize = 200;

/// Whom to look up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeopleLookup)]
pub struct LookupBody {
    /// Their ids.
    #[schema(value_type = Vec<PersonIdText>, max_items = 200)]
    ids: Vec<PersonId>,
}

/// A person's id.
#[derive(ToSchema)]
#[schema(as = PersonId, pattern = "^p_[a-z2-7]{16}$", example = "p_b3vh6yl2q5ojs7ue")]
#[expect(dead_code, reason = "it only describes the text")]
pub struct PersonIdText(String);

/// Those that exist.
#[derive(Serialize, ToSchema)]
#[schema(as = People)]
pub struct LookupReply {
    /// In the order asked for.
    items: Vec<PersonView>,
}

/// People whose handle, or any word of whose name, begins with a text; by handle.
#[utoipa::path(
    get, path = "/people", tag = "people", params(SearchParams),
    responses((status = 200, description = "A page of them.", body = Page<PersonView>))
)]
pub async fn list_people(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(params): Params<SearchParams>,
) -> Outcome {
    let (page, prefix) = (params.page(), params.prefix()?.to_owned());
    let (limit, after) = (page.limit()?, page.after()?);
    let people = state.call(move |chat| chat.find_people(&actor, &prefix, after.as_ref(), limit + 1)).await?;
    Ok(reply::ok(&Page::of(people, limit, |person| person.id.clone(), |person| person)))
}

/// A person.
#[utoipa::path(
    get, path = "/people/{person}", tag = "people", params(PersonPlace),
    responses((status = 200, description = "The person.", body = PersonView))
)]
pub async fn get_person(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<PersonPlace>,
) -> Outcome {
    Ok(reply::ok(&state.call(move |chat| chat.person(&actor, &place.person)).await?))
}

/// Many people at once, for who appears in what one reads.
#[utoipa::path(
    post, path = "/people/lookup", tag = "people", request_body = LookupBody,
    responses((status = 200, description = "Those that exist.", body = LookupReply))
)]
pub async fn look_up_people(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Json(body): Json<LookupBody>,
) -> Outcome {
    if body.ids.len() > LOOKUP_MAX {
        let text = "at most 200 ids at once";
        return Err(crate::Problem::new(loquat_protocol::ErrorCode::InvalidBody, text).at("ids", text));
    }
    let items = state.call(move |chat| chat.look_up_people(&actor, &body.ids)).await?;
    Ok(reply::ok(&LookupReply { items }))
}
