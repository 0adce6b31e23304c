//! Sending a message to a room.

use axum::extract::State;
use http::StatusCode;
use loquat_core::{
    Identity, Rights,
    publish::{Publish, Publisher, prepare},
};
use loquat_node::{ConnectionRights, clock::wall_ms};
use loquat_protocol::{
    ChannelId, ErrorCode, ErrorInfo, Message, MessageSerial, Operation, Serial, codec::lenient::value,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    message::{self, ChatMessage, Content},
    room,
};
use crate::rest::{
    Rest,
    answer::{Outcome, answer},
    body::Posted,
    call::{Call, PathParts},
    history,
    publish::random_id,
};

/// The body, not looked at yet, so that what is wrong can be said by name.
#[derive(Deserialize)]
#[serde(transparent)]
struct NewMessage(#[serde(deserialize_with = "value")] Option<Value>);

/// `POST /chat/v4/rooms/{room}/messages`. Answers with the message once it is durable; with the first one when the
/// `idempotencyKey` of the query is known (DUP-1). Needs `publish` and a clientId.
pub async fn send(State(rest): State<Rest>, call: Call, path: PathParts, posted: Posted) -> Outcome {
    let channel = room::channel(&call, &path, Operation::Publish)?;
    let content = posted.decode::<NewMessage>()?.content()?;
    let message = content.into_message(call.query.get("idempotencyKey").map(str::to_owned));
    let publish = prepared(&rest, &call, &channel, message)?;
    call.principal.admit(1, wall_ms())?;
    let sent = publish.payload.messages[0].clone();
    let appended = rest.state.node().publish(channel.clone(), publish).await?;
    let internal = || ErrorInfo::from(ErrorCode::Internal);
    let appended = appended.ok_or_else(internal)?;
    let message = match appended.duplicate {
        true => first(&rest, channel, appended.serial, sent).await?,
        false => {
            let sent = complete(sent, appended.serial, appended.time_ms);
            ChatMessage::of(sent).ok_or_else(internal)?
        }
    };
    Ok(answer(call.exchange.format, StatusCode::CREATED, &message))
}

fn prepared(rest: &Rest, call: &Call, channel: &ChannelId, message: Message) -> Result<Publish, ErrorInfo> {
    let rights = ConnectionRights::new(call.principal.clone(), rest.state.authenticator().clone());
    let Identity::Named(_) = rights.identity() else {
        let text =
            "a message to a room needs a clientId: the credentials name none and neither does the request";
        return Err(ErrorInfo::new(ErrorCode::InvalidClientId, text));
    };
    let publisher = Publisher {
        identity: rights.identity(),
        connection_id: None,
        base_id: &random_id()?,
        user_claim: rights.user_claim(channel.name.as_str()),
    };
    prepare(channel, publisher, vec![message], rest.state.node().limits())
}

/// The message that was published with this key the first time. Of another client's nothing is told.
async fn first(
    rest: &Rest,
    channel: ChannelId,
    entry: Serial,
    sent: Message,
) -> Result<ChatMessage, ErrorInfo> {
    let serial = MessageSerial { entry, index: 0 }.to_string();
    let reused = || ErrorInfo::from(ErrorCode::IdempotencyKeyReused);
    match history::find(rest, channel, &serial, message::messages).await {
        Ok(first) if Some(&first.client_id) == sent.client_id.as_ref() => Ok(first),
        Ok(_) => Err(reused()),
        Err(error) if error.code == ErrorCode::NotFound.code() => Err(reused()),
        Err(error) => Err(error),
    }
}

fn complete(sent: Message, entry: Serial, time_ms: u64) -> Message {
    let serial = MessageSerial { entry, index: 0 };
    Message { serial: Some(serial.to_string()), timestamp: Some(time_ms as i64), ..sent }
}

impl NewMessage {
    /// # Errors
    /// 40000 when it is no object, 40003 that names what is wrong.
    fn content(self) -> Result<Content, ErrorInfo> {
        let Self(Some(Value::Object(mut body))) = self else {
            return Err(ErrorInfo::new(ErrorCode::BadRequest, "the request's body must be an object"));
        };
        let text = match body.remove("text") {
            Some(Value::String(text)) if !text.is_empty() => text,
            _ => return Err(invalid("'text' must be a text that is not empty")),
        };
        let metadata = fields(body.remove("metadata"), "'metadata' must be an object")?;
        let headers = fields(body.remove("headers"), "'headers' must be an object")?;
        if let Some((name, _)) = headers.iter().find(|(_, value)| value.is_object() || value.is_array()) {
            let name: String = name.chars().take(64).collect();
            return Err(invalid(format!(
                "the header '{name}' must be a text, a number, true, false or null"
            )));
        }
        Ok(Content { text, metadata, headers })
    }
}

fn fields(value: Option<Value>, otherwise: &'static str) -> Result<Map<String, Value>, ErrorInfo> {
    match value {
        Some(Value::Object(fields)) => Ok(fields),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(invalid(otherwise)),
    }
}

fn invalid(text: impl Into<std::borrow::Cow<'static, str>>) -> ErrorInfo {
    ErrorInfo::new(ErrorCode::InvalidParameter, text)
}
