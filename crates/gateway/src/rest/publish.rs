//! `POST /channels/{channel}/messages` (specification RSL1).

use axum::extract::State;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use loquat_auth::{ClientIdentity, ConnectionKeyClaims, Entropy, OsEntropy, Principal};
use loquat_core::{
    Rights,
    publish::{Publish, Publisher, prepare},
};
use loquat_node::{ConnectionRights, clock::wall_ms};
use loquat_protocol::{ChannelId, ErrorCode, ErrorInfo, Message, MessageSerial, Operation};
use serde::Serialize;

use super::{
    Rest,
    answer::{Outcome, answer},
    body::Posted,
    call::{Call, PathParts},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Published<'a> {
    channel: &'a str,
    /// What the messages' ids begin with.
    message_id: &'a str,
    /// One per message; `None` for one that is not stored.
    serials: Vec<Option<String>>,
}

/// Publishes one or several messages together. Answers once they are durable; a publish whose ids are known is answered
/// with the serials of the first time (DUP-1). Needs `publish`.
pub async fn publish(State(rest): State<Rest>, call: Call, path: PathParts, posted: Posted) -> Outcome {
    let channel = call.channel(path.channel()?, Operation::Publish)?;
    let mut messages: Vec<Message> = posted.decode_many()?;
    if messages.is_empty() {
        return Err(ErrorInfo::new(ErrorCode::BadRequest, "there are no messages in the request").into());
    }
    if call.query.get("ephemeral") == Some("true") {
        messages.iter_mut().for_each(mark_ephemeral);
    }
    let publish = prepared(&rest, &call.principal, &channel, messages)?;
    let count = publish.payload.messages.len();
    match publish.ephemeral {
        true => call.principal.admit_passing(count, wall_ms())?,
        false => call.principal.admit(count, wall_ms())?,
    }
    let message_id = base_id(&publish);
    let name = channel.name.clone();
    let appended = rest.state.node().publish(channel, publish).await?;
    let serial =
        |index| appended.map(|entry| MessageSerial { entry: entry.serial, index: index as u16 }.to_string());
    let published = Published {
        channel: name.as_str(),
        message_id: &message_id,
        serials: (0..count).map(serial).collect(),
    };
    Ok(answer(call.exchange.format, StatusCode::CREATED, &published))
}

/// As `extras.ephemeral` says it of one message; extras that are none are refused later.
fn mark_ephemeral(message: &mut Message) {
    let extras = message.extras.get_or_insert_with(|| serde_json::json!({}));
    if let Some(extras) = extras.as_object_mut() {
        extras.insert("ephemeral".to_owned(), true.into());
    }
}

fn prepared(
    rest: &Rest,
    principal: &Principal,
    channel: &ChannelId,
    messages: Vec<Message>,
) -> Result<Publish, ErrorInfo> {
    let connection = connection(rest, principal, &messages)?;
    let acting = match &connection {
        Some(claims) => on_behalf(principal, &claims.client)?,
        None => principal.clone(),
    };
    let rights = ConnectionRights::new(acting, rest.state.authenticator().clone());
    let anonymous = connection.as_ref().is_some_and(|claims| claims.client == ClientIdentity::Anonymous);
    let identity = match anonymous {
        true => &loquat_core::Identity::Anonymous,
        false => rights.identity(),
    };
    let base_id = random_id()?;
    let connection_id = connection.as_ref().map(|claims| claims.connection_id.as_str());
    let user_claim = rights.user_claim(channel.name.as_str());
    let publisher = Publisher { identity, connection_id, base_id: &base_id, user_claim };
    prepare(channel, publisher, messages, rest.state.node().limits())
}

/// The connection on whose behalf the messages are published (RSL1h), proven by its key.
fn connection(
    rest: &Rest,
    principal: &Principal,
    messages: &[Message],
) -> Result<Option<ConnectionKeyClaims>, ErrorInfo> {
    let refuse = |why: &'static str| Err(ErrorInfo::new(ErrorCode::InvalidConnectionId, why));
    let Some(first) = messages.first() else { return Ok(None) };
    if messages.iter().any(|message| message.connection_key != first.connection_key) {
        return refuse("messages that are published together must have one connectionKey, or none");
    }
    let Some(key) = &first.connection_key else { return Ok(None) };
    let node = rest.state.node();
    let Ok(claims) = node.connection_keys().verify(key) else {
        return refuse("the connectionKey is not one of this server's");
    };
    if claims.app != *principal.app() {
        return refuse("the connectionKey belongs to another app");
    }
    if !node.registry().may_resume(&claims.connection_id, claims.issued_ms, node.clock().now()) {
        return refuse("the connection of the connectionKey has ended");
    }
    Ok(Some(claims))
}

/// The principal as the client of a connection.
fn on_behalf(principal: &Principal, client: &ClientIdentity) -> Result<Principal, ErrorInfo> {
    match client {
        ClientIdentity::Named(client_id) => principal.acting_as(Some(client_id.as_str())),
        ClientIdentity::Any | ClientIdentity::Anonymous => Ok(principal.clone()),
    }
}

/// What names a publish whose messages have no ids: 96 random bits.
///
/// # Errors
/// 50000 when the system gives no random bytes.
pub fn random_id() -> Result<String, ErrorInfo> {
    let mut bytes = [0; 12];
    OsEntropy.fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn base_id(publish: &Publish) -> String {
    let chosen = publish.payload.messages.first().and_then(|message| message.id.as_deref());
    let base = chosen.map(|id| id.strip_suffix(":0").unwrap_or(id));
    base.or(publish.payload.id.as_deref()).unwrap_or_default().to_owned()
}
