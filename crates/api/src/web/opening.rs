//! The room at the page's address, as data inside of the page: whoever may write there can begin before the app's script
//! has arrived and asked. Only for the session's own person, and nothing that they could not ask for.

use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderValue, header};
use loquat_chat::views::ListingView;
use loquat_store::people::{RoomId, RoomRole};
use serde::Serialize;

use super::source::File;
use crate::{
    ApiState,
    http::{
        caller::{Caller, Renewal},
        guard,
    },
};

/// Addresses of rooms begin with this.
const ROOMS: &str = "/rooms/";
/// Where the data goes: at the end of what describes the page.
const PLACE: &str = "</head>";
/// What the plain page fetches for the app from the beginning, and how this one only names it: whoever can write at once
/// has the network and the processor for that, and the app's first script fetches the rest when that is on the screen.
const FETCHED: &str = "<link rel=\"preload\"";
const NAMED: &str = "<link rel=\"app\"";

/// What the app's first script reads (`web/src/boot/main.ts`).
#[derive(Serialize)]
struct Opening<'a> {
    person: &'a str,
    room: &'a str,
    name: &'a str,
    topic: &'a str,
}

/// The page with the room at its address in it; `None` where the plain page is all there is to send: another address,
/// nobody signed in, a room that one may not write in or that has no name of its own.
pub async fn page(state: &ApiState, request: Request, page: &File) -> Option<Response> {
    let room = RoomId::parse(request.uri().path().strip_prefix(ROOMS)?).ok()?;
    request.headers().get(header::COOKIE)?;
    let (mut parts, _) = request.into_parts();
    let renewal = Renewal::default();
    parts.extensions.insert(renewal.clone());
    let Caller(actor) = Caller::from_request_parts(&mut parts, state).await.ok()?;
    let listing = state.call(move |chat| chat.my_room(&actor, &room)).await.ok()?;
    let html = insert(page.plain()?, &data(&listing)?)?;
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    renewal.apply(headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.media_type));
    // It is one person's, as of now.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    guard::harden(headers);
    Some(response)
}

fn data(listing: &ListingView) -> Option<String> {
    let ListingView { room, membership, .. } = listing;
    if room.name.is_empty() || room.archived_ms.is_some() || membership.role == RoomRole::ReadOnly {
        return None;
    }
    let opening = Opening {
        person: membership.person.as_str(),
        room: room.id.as_str(),
        name: &room.name,
        topic: &room.topic,
    };
    // Whatever a room is called or about, it ends neither the element nor begins a comment in it.
    let json = serde_json::to_string(&opening).ok()?.replace('<', "\\u003c");
    Some(format!("<script type=\"application/json\" id=\"opening\">{json}</script>"))
}

fn insert(html: &[u8], data: &str) -> Option<Bytes> {
    let (head, rest) = std::str::from_utf8(html).ok()?.split_once(PLACE)?;
    Some(Bytes::from([&head.replace(FETCHED, NAMED), data, PLACE, rest].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_stands_at_the_end_of_the_head() {
        let html = insert(b"<head><title>a</title></head><body>", "<data>").unwrap();
        assert_eq!(&html[..], b"<head><title>a</title><data></head><body>");
        assert_eq!(insert(b"no head", "<data>"), None);
    }

    #[test]
    fn what_the_plain_page_fetches_for_the_app_is_only_named() {
        let plain =
            r#"<script src="/b.js"></script><link rel="preload" as="script" href="/a.js" data-app></head>"#;
        let html = insert(plain.as_bytes(), "").unwrap();
        let named =
            r#"<script src="/b.js"></script><link rel="app" as="script" href="/a.js" data-app></head>"#;
        assert_eq!(std::str::from_utf8(&html).unwrap(), named);
    }
}
