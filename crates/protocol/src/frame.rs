//! Protocol messages: the frames of the realtime connection (specification TR).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Action, ConnectionDetails, ErrorInfo, Flags, Message, PresenceMessage,
    codec::lenient::{null_as_default, texts},
};

/// One frame. Fields that are `None` or empty are absent on the wire.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProtocolMessage {
    /// The number of an [`Action`]; unknown numbers are tolerated (RSF1).
    #[serde(deserialize_with = "null_as_default")]
    pub action: u64,
    /// Flags of ATTACH and ATTACHED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<u64>,
    /// The channel the frame is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The position in the channel after this frame; in SYNC the cursor `syncId:cursor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_serial: Option<String>,
    /// The connection: its own in CONNECTED, the publisher's in MESSAGE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<String>,
    /// The client's number of a frame that wants an ACK.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg_serial: Option<i64>,
    /// How many frames an ACK or NACK is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The frame's id; of a HEARTBEAT to echo, of a MESSAGE as the base of its messages' ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorInfo>,
    /// Channel params of ATTACH and ATTACHED.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "texts")]
    pub params: Option<BTreeMap<String, String>>,
    /// The token of AUTH.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthDetails>,
    /// Of CONNECTED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_details: Option<ConnectionDetails>,
    /// Of MESSAGE.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub messages: Vec<Message>,
    /// Of PRESENCE and SYNC.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub presence: Vec<PresenceMessage>,
    /// Of ACK: one per acknowledged frame (TR4s).
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub res: Vec<PublishResult>,
}

/// What a client sends to authenticate again (specification AD).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthDetails {
    /// A token or JWT.
    pub access_token: Option<String>,
}

/// The serials that one acknowledged frame's messages were given, in their order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PublishResult {
    /// A serial per message; `None` for one that was not stored (ephemeral).
    pub serials: Vec<Option<String>>,
}

impl ProtocolMessage {
    /// An empty frame of an action.
    pub fn new(action: Action) -> Self {
        Self { action: action as u64, ..Self::default() }
    }

    /// An empty frame of an action about a channel.
    pub fn of_channel(action: Action, channel: &str) -> Self {
        Self { channel: Some(channel.to_owned()), ..Self::new(action) }
    }

    /// The frame's action; `None` when this server does not know it.
    pub fn action(&self) -> Option<Action> {
        Action::from_number(self.action)
    }

    /// The frame's flags; none when absent.
    pub fn flags(&self) -> Flags {
        Flags(self.flags.unwrap_or_default())
    }
}
