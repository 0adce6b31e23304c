//! From the messages of a client to an entry of the log: every rule about what may be published.

use std::hash::Hasher;

use bytes::Bytes;
use loquat_protocol::{
    ChannelId, ClientId, ErrorCode, ErrorInfo, Message,
    entry::{MessagesPayload, encode_messages},
    room::set_user_claim,
};
use siphasher::sip128::{Hasher128, SipHasher24};

use crate::{Identity, Limits};

/// Longest message id a client may choose, in bytes.
pub const MESSAGE_ID_BYTES_MAX: usize = 256;

/// A publish that has passed every rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Publish {
    /// Identifies it within the idempotency window.
    pub key: [u8; 16],
    /// The messages with the publishing connection and the base id.
    pub payload: MessagesPayload,
    /// Sent to who is there, never stored.
    pub ephemeral: bool,
}

impl Publish {
    /// The entry's bytes.
    pub fn body(&self, channel: &ChannelId) -> Bytes {
        encode_messages(channel, &self.payload)
    }
}

/// Who publishes.
#[derive(Clone, Copy, Debug)]
pub struct Publisher<'a> {
    /// The client ids that may be used.
    pub identity: &'a Identity,
    /// The connection, if it is one.
    pub connection_id: Option<&'a str>,
    /// What messages without an id are named after: `connectionId:msgSerial`, or something random.
    pub base_id: &'a str,
    /// What the publisher's token says about it on this channel; see [`crate::Rights::user_claim`].
    pub user_claim: Option<&'a str>,
}

/// Checks and completes messages that were published together.
///
/// # Errors
/// 40000 no message, 40009 too large or too many, 40012 clientId, 40013 data, 40031 id, 40032 extras, 50100 for message actions that this
/// release does not have.
pub fn prepare(
    channel: &ChannelId,
    publisher: Publisher<'_>,
    mut messages: Vec<Message>,
    limits: &Limits,
) -> Result<Publish, ErrorInfo> {
    if messages.len() > limits.messages_per_frame_max {
        let text = format!(
            "{} messages in one publish; the limit is {}",
            messages.len(),
            limits.messages_per_frame_max
        );
        return Err(ErrorInfo::new(ErrorCode::MessageTooLarge, text));
    }
    if messages.is_empty() {
        return Err(ErrorInfo::new(ErrorCode::BadRequest, "a publish must hold at least one message"));
    }
    let mut size = 0;
    for message in &mut messages {
        complete(message, publisher)?;
        size += message.size();
    }
    check_size(size, limits)?;
    let explicit_id = check_ids(publisher.identity, &messages)?;
    let ephemeral = messages.iter().filter(|message| message.is_ephemeral()).count();
    if ephemeral != 0 && ephemeral != messages.len() {
        return Err(ErrorInfo::new(
            ErrorCode::InvalidExtras,
            "ephemeral and stored messages cannot be published together: send them apart",
        ));
    }
    let key = match &explicit_id {
        Some(id) => dedupe_key(&limits.dedupe_secret, channel, 1, id),
        None => dedupe_key(&limits.dedupe_secret, channel, 2, publisher.base_id),
    };
    let id = explicit_id.is_none().then(|| publisher.base_id.to_owned());
    let connection_id = publisher.connection_id.map(str::to_owned);
    Ok(Publish { key, payload: MessagesPayload { connection_id, id, messages }, ephemeral: ephemeral != 0 })
}

fn check_size(size: usize, limits: &Limits) -> Result<(), ErrorInfo> {
    if size <= limits.message_bytes_max {
        return Ok(());
    }
    let text =
        format!("maximum message length exceeded: {size} bytes; the limit is {}", limits.message_bytes_max);
    Err(ErrorInfo::new(ErrorCode::MessageTooLarge, text))
}

fn complete(message: &mut Message, publisher: Publisher<'_>) -> Result<(), ErrorInfo> {
    message.normalise()?;
    if message.action.is_some_and(|action| action != 0) {
        return Err(ErrorInfo::new(
            ErrorCode::NotImplemented,
            "message updates, deletes and appends are not available in this release",
        ));
    }
    check_extras(message)?;
    set_user_claim(&mut message.extras, publisher.user_claim);
    message.client_id = accept_client_id(publisher.identity, message.client_id.take())?;
    (message.connection_id, message.connection_key, message.timestamp) = (None, None, None);
    (message.serial, message.action) = (None, None);
    Ok(())
}

/// Headers are for whatever stands between two clients, so they are flat; the rest of extras is not looked at.
fn check_extras(message: &Message) -> Result<(), ErrorInfo> {
    let refuse = |why: &'static str| Err(ErrorInfo::new(ErrorCode::InvalidExtras, why));
    let Some(extras) = &message.extras else { return Ok(()) };
    if !extras.is_object() {
        return refuse("extras must be a JSON object");
    }
    let Some(headers) = extras.get("headers").filter(|headers| !headers.is_null()) else { return Ok(()) };
    match headers.as_object() {
        Some(headers) if headers.values().all(|one| !one.is_object() && !one.is_array()) => Ok(()),
        _ => refuse("extras.headers must be an object of texts, numbers, true, false and null"),
    }
}

/// The client id of a message or member, given who publishes it.
///
/// # Errors
/// 40012 when the publisher may not use it.
pub fn accept_client_id(identity: &Identity, given: Option<String>) -> Result<Option<String>, ErrorInfo> {
    let refuse = |why: String| Err(ErrorInfo::new(ErrorCode::InvalidClientId, why));
    match (identity, given) {
        (Identity::Named(own), None) => Ok(Some(own.as_str().to_owned())),
        (Identity::Named(own), Some(given)) if own.as_str() == given => Ok(Some(given)),
        (Identity::Named(own), Some(given)) => {
            refuse(format!("the clientId '{given}' is not the connection's own, '{own}'"))
        }
        (Identity::Anonymous, Some(given)) => {
            refuse(format!("the clientId '{given}' cannot be used: the token names no client"))
        }
        (Identity::Any | Identity::Wildcard, Some(given)) => {
            ClientId::parse_unreserved(&given)?;
            Ok(Some(given))
        }
        (_, None) => Ok(None),
    }
}

/// Checks the ids that clients chose; returns the first one's, which identifies the publish.
fn check_ids(identity: &Identity, messages: &[Message]) -> Result<Option<String>, ErrorInfo> {
    let refuse = |why: &'static str| Err(ErrorInfo::new(ErrorCode::InvalidMessageId, why));
    let with_id = messages.iter().filter(|message| message.id.is_some()).count();
    if with_id == 0 {
        return Ok(None);
    }
    if with_id != messages.len() {
        return refuse("either all or none of the messages published together must have an id");
    }
    let ids: Vec<&str> = messages.iter().filter_map(|message| message.id.as_deref()).collect();
    if ids.iter().any(|id| id.is_empty() || id.len() > MESSAGE_ID_BYTES_MAX) {
        return refuse("a message id must have 1 to 256 bytes");
    }
    if ids.iter().any(|id| is_anothers(identity, id)) {
        return refuse("a message id that begins with a person's id and '-' is that person's own");
    }
    if ids.len() > 1 {
        let base = ids[0].rsplit_once(':').map(|(base, _)| base);
        let follows = |(index, id): (usize, &&str)| {
            id.rsplit_once(':')
                == base
                    .map(|base| (base, index.to_string()))
                    .as_ref()
                    .map(|(base, index)| (*base, index.as_str()))
        };
        if base.is_none() || !ids.iter().enumerate().all(follows) {
            return refuse("the ids of messages published together must be <base>:0, <base>:1 and so on");
        }
    }
    Ok(Some(ids[0].to_owned()))
}

/// Whether an id is kept for a person who is not this publisher: whoever published under it first would keep the
/// person's own message out as a repetition.
fn is_anothers(identity: &Identity, id: &str) -> bool {
    let person = id.split_once('-').map(|(person, _)| person).filter(|person| ClientId::is_reserved(person));
    person.is_some_and(|person| !matches!(identity, Identity::Named(own) if own.as_str() == person))
}

/// The key under which the log finds a publish again: a keyed 128-bit hash, so that nobody can make two ids meet.
pub fn dedupe_key(secret: &[u8; 16], channel: &ChannelId, kind: u8, id: &str) -> [u8; 16] {
    let mut hasher = SipHasher24::new_with_key(secret);
    for part in [channel.app.as_str(), channel.name.as_str(), id] {
        hasher.write_u32(part.len() as u32);
        hasher.write(part.as_bytes());
    }
    hasher.write_u8(kind);
    hasher.finish128().as_bytes()
}
