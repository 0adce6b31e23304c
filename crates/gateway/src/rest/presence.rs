//! Who is present (specification RSP3), and who was (RSP4).

use axum::extract::State;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use loquat_protocol::{ErrorCode, ErrorInfo, Operation, PresenceAction, PresenceMessage, entry::EntryKind};

use super::{
    Rest,
    answer::{Outcome, answer},
    call::{Call, PathParts, Query},
    history::past,
    item, page,
};

/// A member's place among the others: its clientId, then its connection.
type Place = (String, String);

/// `GET /channels/{channel}/presence`. Needs `subscribe` (what subscribers see) or `presence`.
///
/// Pages follow one another in the order of clientIds, so a member that stays is in exactly one of them, whoever comes
/// and goes meanwhile.
pub async fn members(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let name = path.channel()?;
    let operation = match call.principal.permits(name.as_str(), Operation::Presence) {
        true => Operation::Presence,
        false => Operation::Subscribe,
    };
    let channel = call.channel(name, operation)?;
    let limit = page::limit(&call.query)?;
    let after = call.query.get(page::CURSOR).map(parse).transpose()?;
    let mut members: Vec<(Place, _)> = rest
        .state
        .node()
        .presence()
        .members(&channel)
        .present
        .into_iter()
        .filter(|member| is_asked_for(member, &call.query))
        .map(|member| (place(&member), member))
        .filter(|(place, _)| after.as_ref().is_none_or(|after| place > after))
        .collect();
    members.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let has_more = members.len() > limit;
    members.truncate(limit);
    let next = members.last().filter(|_| has_more).map(|(place, _)| write(place));
    let present = |member: &PresenceMessage| PresenceMessage {
        action: PresenceAction::Present as u8,
        ..member.clone()
    };
    let items: Vec<_> = members.iter().map(|(_, member)| present(member)).collect();
    let response = answer(call.exchange.format, StatusCode::OK, &items);
    Ok(page::with_links(response, page::links("presence", &call.query, None, next.as_deref())))
}

/// `GET /channels/{channel}/presence/history`. Needs `history`.
pub async fn history(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = call.channel(path.channel()?, Operation::History)?;
    past(&rest, &call, channel, EntryKind::Presence, "history", item::presence).await
}

fn is_asked_for(member: &PresenceMessage, query: &Query) -> bool {
    let fits = |name: &str, value: &Option<String>| {
        query.get(name).is_none_or(|asked| value.as_deref() == Some(asked))
    };
    fits("clientId", &member.client_id) && fits("connectionId", &member.connection_id)
}

fn place(member: &PresenceMessage) -> Place {
    (member.client_id.clone().unwrap_or_default(), member.connection_id.clone().unwrap_or_default())
}

fn write((client_id, connection_id): &Place) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(client_id), URL_SAFE_NO_PAD.encode(connection_id))
}

fn parse(text: &str) -> Result<Place, ErrorInfo> {
    let read = |text: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok();
    let place = text.split_once('.').and_then(|(client, connection)| read(client).zip(read(connection)));
    place.ok_or_else(|| {
        ErrorInfo::new(ErrorCode::InvalidParameter, "'cursor' is not one that a link of this server holds")
    })
}
