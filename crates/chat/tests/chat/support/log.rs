//! A log of one partition, as far as the projector sees it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use loquat_chat::{
    Chat, RoomProjector,
    projector::{Stretch, entry::LogEntry},
};
use loquat_protocol::{
    ChannelId, ChannelName, Data, Message, PartitionId, Serial,
    entry::{MessagesPayload, decode_header, encode_messages},
};
use loquat_store::{StoreError, people::RoomId};
use serde_json::json;

pub struct Log {
    pub projector: RoomProjector,
    seq: AtomicU64,
    app: loquat_protocol::AppId,
}

impl Log {
    pub fn new(chat: Arc<Chat>) -> Self {
        let app = chat.options().app.clone();
        Self { projector: RoomProjector::new(chat), seq: AtomicU64::new(0), app }
    }

    /// Somebody says something; it is in the log and projected. Its serial.
    pub fn say(&self, room: &RoomId, client_id: &str, text: &str) -> String {
        self.publish(&format!("{room}::$chat"), vec![said(client_id, text)]).unwrap();
        format!("{}:000", Serial::new(1, self.seq()))
    }

    /// Messages of one entry of any channel.
    pub fn publish(&self, channel: &str, messages: Vec<Message>) -> Result<(), StoreError> {
        let after_seq = self.seq.fetch_add(1, Ordering::Relaxed);
        self.apply(after_seq, channel, messages)
    }

    /// Hands an entry over as the one after `after_seq`.
    pub fn apply(&self, after_seq: u64, channel: &str, messages: Vec<Message>) -> Result<(), StoreError> {
        let channel_id = ChannelId::new(self.app.clone(), ChannelName::from_trusted(channel));
        let payload = MessagesPayload { connection_id: None, id: Some("id".into()), messages };
        let body = encode_messages(&channel_id, &payload);
        let header = decode_header(&body).expect("an entry");
        let to_seq = after_seq + 1;
        let wanted = self.projector.wants(&channel_id, header.kind);
        let entry =
            LogEntry { channel, serial: Serial::new(1, to_seq), time_ms: to_seq, payload: header.payload };
        let entries = if wanted { vec![entry] } else { Vec::new() };
        self.projector.apply(&[Stretch { partition: PartitionId(0), after_seq, to_seq, entries }])
    }

    pub fn seq(&self) -> u64 {
        self.seq.load(Ordering::Relaxed)
    }
}

/// A message of a room.
pub fn said(client_id: &str, text: &str) -> Message {
    let mut message = Message {
        name: Some("chat.message".into()),
        data: Data::Value(json!({ "text": text })),
        client_id: Some(client_id.into()),
        ..Message::default()
    };
    message.normalise().expect("an object");
    message
}
