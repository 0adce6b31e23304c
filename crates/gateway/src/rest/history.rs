//! A channel's stored messages (specification RSL2, RSL11, RSL14, RTL10b).

use std::sync::Arc;

use axum::{extract::State, response::Response};
use http::StatusCode;
use loquat_core::feed::FeedEntry;
use loquat_node::Node;
use loquat_protocol::{
    ChannelId, ErrorCode, ErrorInfo, MessageSerial, Operation, PartitionId, entry::EntryKind,
};
use loquat_store::Direction;
use serde::Serialize;

use super::{
    Rest,
    answer::{Outcome, answer},
    call::{Call, PathParts, Query},
    item,
    page::{self, Span},
    position::{Cursor, Position},
    walk::Walk,
};

/// `GET /channels/{channel}/messages`. Needs `history`.
pub async fn messages(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = call.channel(path.channel()?, Operation::History)?;
    past(&rest, &call, channel, EntryKind::Message, "messages", item::messages).await
}

/// One page of a channel's past. `word`: the last word of the request's path.
pub async fn past<T: Serialize + Send + 'static>(
    rest: &Rest,
    call: &Call,
    channel: ChannelId,
    kind: EntryKind,
    word: &str,
    items_of: fn(&FeedEntry) -> Vec<(u16, T)>,
) -> Outcome {
    let (span, limit) = (Span::of(&call.query)?, page::limit(&call.query)?);
    let node = Arc::clone(rest.state.node());
    let first = first_page(&call.query, &channel, span.direction, &node)?;
    let cursor = call.query.get(page::CURSOR).map_or(Ok(first), Cursor::parse)?;
    let walk = Walk { channel, kind, span, limit, cursor };
    let found = rest.reads.run(move || walk.read(&node, items_of)).await?;
    let next = found.next.map(|at| Cursor { at, ..cursor }.to_string());
    let first = Cursor { at: begin(cursor.cut, span.direction), ..cursor }.to_string();
    let response = answer(call.exchange.format, StatusCode::OK, &found.items);
    Ok(page::with_links(response, page::links(word, &call.query, Some(&first), next.as_deref())))
}

/// Where a walk begins that starts now: it ends with what is the newest now, or at the serial that was asked for.
fn first_page(
    query: &Query,
    channel: &ChannelId,
    direction: Direction,
    node: &Node,
) -> Result<Cursor, ErrorInfo> {
    let serial = query.get("from_serial").or(query.get("fromSerial"));
    let partition = PartitionId::of(channel, node.limits().partitions);
    let newest = Position::end_of(node.feed().head_seq(partition));
    let cut = match serial {
        Some(text) => Position::of_serial(text, channel, node)?.min(newest),
        None => newest,
    };
    Ok(Cursor { cut, at: begin(cut, direction) })
}

fn begin(cut: Position, direction: Direction) -> Position {
    match direction {
        Direction::Backwards => cut,
        Direction::Forwards => Position::START,
    }
}

/// `GET /channels/{channel}/messages/{serial}`. Needs `history`.
pub async fn message(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = call.channel(path.channel()?, Operation::History)?;
    let message = find(&rest, channel, path.get("serial"), item::messages).await?;
    Ok(answer(call.exchange.format, StatusCode::OK, &message))
}

/// `GET /channels/{channel}/messages/{serial}/versions`: the one version that every message has as long as messages
/// cannot be changed. Needs `history`.
pub async fn versions(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    let channel = call.channel(path.channel()?, Operation::History)?;
    let message = find(&rest, channel, path.get("serial"), item::messages).await?;
    let response: Response = answer(call.exchange.format, StatusCode::OK, &[message]);
    Ok(page::with_links(response, page::links("versions", &call.query, None, None)))
}

/// The message with this serial, if `items_of` shows it.
///
/// # Errors
/// 40400 when there is none; see [`Node::past`].
pub async fn find<T: Send + 'static>(
    rest: &Rest,
    channel: ChannelId,
    serial: &str,
    items_of: fn(&FeedEntry) -> Vec<(u16, T)>,
) -> Result<T, ErrorInfo> {
    let absent = || ErrorInfo::new(ErrorCode::NotFound, "there is no message with this serial");
    let serial: MessageSerial = serial.parse().map_err(|_| absent())?;
    let at = Position { seq: serial.entry.seq, index: serial.index };
    let span = Span { start_ms: 0, end_ms: u64::MAX, direction: Direction::Forwards };
    let cursor = Cursor { cut: at, at };
    let walk = Walk { channel, kind: EntryKind::Message, span, limit: 1, cursor };
    let node = Arc::clone(rest.state.node());
    // A sequence number alone does not name a message: after a restore another epoch may have used it.
    let items_of = move |entry: &FeedEntry| match entry.serial == serial.entry {
        true => items_of(entry),
        false => Vec::new(),
    };
    let found = rest.reads.run(move || walk.read(&node, items_of)).await?;
    found.items.into_iter().next().ok_or_else(absent)
}
