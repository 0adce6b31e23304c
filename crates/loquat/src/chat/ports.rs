//! The realtime layer as the chat services use it: the node.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicU64, Ordering},
};

use loquat_auth::{Entropy, OsEntropy, TokenDetails};
use loquat_chat::{Count, OutgoingMessage, Ports, Sending, SentMessage};
use loquat_core::{
    Identity,
    channel::EphemeralMessage,
    publish::{Publish, Publisher, prepare},
};
use loquat_node::{Node, clock::wall_ms};
use loquat_protocol::{
    AppId, ChannelId, ChannelName, ClientId, Data, ErrorCode, ErrorInfo, Message, MessageSerial,
    entry::MessagesPayload, room::room_channel,
};
use loquat_store::people::PersonId;
use serde_json::{Map, Value, json};

use super::counts;

/// The name of a channel's messages that are messages of a room.
const CHAT_MESSAGE: &str = "chat.message";

/// The node, for the rooms of one app.
pub struct NodePorts {
    /// The node has the services among its consumers, so they must not keep it.
    node: Weak<Node>,
    app: AppId,
    /// Tells events apart; they are never stored, so it may begin anew with the process.
    events: AtomicU64,
}

impl NodePorts {
    /// The ports of a node.
    pub fn new(node: &Arc<Node>, app: AppId) -> Self {
        Self { node: Arc::downgrade(node), app, events: AtomicU64::new(0) }
    }

    fn node(&self) -> Result<Arc<Node>, ErrorInfo> {
        self.node.upgrade().ok_or_else(|| ErrorCode::Unavailable.into())
    }

    /// # Errors
    /// What [`prepare`] refuses.
    fn prepared(&self, node: &Node, message: OutgoingMessage) -> Result<(ChannelId, Publish), ErrorInfo> {
        let channel = ChannelId::new(self.app.clone(), room_channel(message.room.as_str())?);
        let identity = Identity::Named(ClientId::parse(message.author.as_str())?);
        let base_id = message.id.clone().map_or_else(random_id, Ok)?;
        let publisher =
            Publisher { identity: &identity, connection_id: None, base_id: &base_id, user_claim: None };
        let publish = prepare(&channel, publisher, vec![of(message)], node.limits())?;
        Ok((channel, publish))
    }
}

fn random_id() -> Result<String, ErrorInfo> {
    let mut bytes = [0; 12];
    OsEntropy.fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// As it travels in the room's channel; the same that `/chat/v4` makes of a message.
fn of(message: OutgoingMessage) -> Message {
    let headers = message.headers.filter(|headers| !headers.is_empty());
    Message {
        id: message.id,
        name: Some(CHAT_MESSAGE.to_owned()),
        data: Data::Value(json!({ "text": message.text, "metadata": message.metadata.unwrap_or_default() })),
        extras: headers.map(|headers: Map<String, Value>| json!({ "headers": headers })),
        ..Message::default()
    }
}

impl Ports for NodePorts {
    fn publish_event(&self, person: &PersonId, name: &'static str, data: &str) {
        let Ok(node) = self.node() else { return };
        let channel = ChannelName::from_trusted(&format!("$me:{person}"));
        let number = self.events.fetch_add(1, Ordering::Relaxed);
        let message = Message {
            name: Some(name.to_owned()),
            data: Data::Text(data.to_owned()),
            encoding: Some("json".to_owned()),
            extras: Some(json!({ "ephemeral": true })),
            ..Message::default()
        };
        let id = Some(format!("event-{number}"));
        let payload = MessagesPayload { connection_id: None, id, messages: vec![message] };
        let channel = ChannelId::new(self.app.clone(), channel);
        node.broadcast(&Arc::new(EphemeralMessage::new(channel, payload, wall_ms())));
    }

    fn rights_changed(&self, person: &PersonId) {
        if let Ok(node) = self.node() {
            node.rights_changed(Some(ClientId::from_trusted(person.as_str())));
        }
    }

    fn send_message(&self, message: OutgoingMessage) -> Sending {
        let prepared = self.node().and_then(|node| Ok((self.prepared(&node, message)?, node)));
        Box::pin(async move {
            let ((channel, publish), node) = prepared?;
            let appended = node.publish(channel, publish).await?.ok_or(ErrorCode::Internal)?;
            let serial = MessageSerial { entry: appended.serial, index: 0 }.to_string();
            Ok(SentMessage { serial, created_ms: appended.time_ms })
        })
    }

    fn count(&self, what: Count) {
        if let Ok(node) = self.node() {
            counts::count(node.metrics(), what);
        }
    }

    fn realtime_token(
        &self,
        person: &PersonId,
        credential: &str,
        now_ms: u64,
        ttl_ms: u64,
    ) -> Result<TokenDetails, ErrorInfo> {
        let node = self.node()?;
        node.authenticator().issue_person_token(&self.app, person.as_str(), credential, now_ms, ttl_ms)
    }
}
