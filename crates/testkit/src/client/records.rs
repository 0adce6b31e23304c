//! What a client has seen.

use std::collections::BTreeMap;

use loquat_protocol::{Message, MessageSerial, Serial};

/// What became of a publish.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Acknowledged, with a serial per message.
    Acked(Vec<MessageSerial>),
    /// Refused with this code.
    Refused(u32),
}

/// A publish.
#[derive(Clone, Debug)]
pub struct Published {
    /// Where.
    pub channel: String,
    /// What; emptied once it is answered.
    pub messages: Vec<Message>,
    /// The messages' numbers.
    pub numbers: Vec<u64>,
    /// What became of it; none when nobody knows yet.
    pub outcome: Option<Outcome>,
    /// How often it was sent.
    pub sent: u32,
}

impl Published {
    /// A publish that was not sent yet.
    pub fn new(channel: &str, messages: Vec<Message>) -> Self {
        let numbers = messages.iter().filter_map(number_of).collect();
        Self { channel: channel.to_owned(), messages, numbers, outcome: None, sent: 0 }
    }

    /// Whether it was acknowledged.
    pub fn is_acked(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Acked(_)))
    }
}

/// A message as a subscriber or history gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Received {
    /// Its serial.
    pub serial: MessageSerial,
    /// Its number.
    pub number: u64,
}

/// What came on a channel between an attach and the moment when its continuity was said to be lost.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Everything after this should come.
    pub after: Serial,
    /// What came.
    pub received: Vec<Received>,
}

/// Everything that a client has seen.
#[derive(Debug, Default)]
pub struct Records {
    /// Connection ids, a new one each time it changed.
    pub connection_ids: Vec<String>,
    /// How often it was connected.
    pub connections: usize,
    /// What it published.
    pub published: Vec<Published>,
    /// What it received, by channel: one segment as long as every attach was resumed.
    pub channels: BTreeMap<String, Vec<Segment>>,
    /// What should not have been, in words.
    pub surprises: Vec<String>,
}

impl Records {
    /// How many publishes were acknowledged.
    pub fn acked(&self) -> usize {
        self.published.iter().filter(|published| published.is_acked()).count()
    }

    /// How many messages were received.
    pub fn received(&self) -> usize {
        self.channels.values().flatten().map(|segment| segment.received.len()).sum()
    }

    /// The position in a channel up to which everything came.
    pub fn position(&self, channel: &str) -> Option<Serial> {
        let segment = self.channels.get(channel)?.last()?;
        Some(segment.received.last().map_or(segment.after, |last| last.serial.entry))
    }
}

/// A message whose payload is its number, padded to `bytes`.
pub fn numbered(number: u64, bytes: usize) -> Message {
    let text = format!("{number:016x}{}", ".".repeat(bytes.saturating_sub(16)));
    Message { data: loquat_protocol::Data::Text(text), ..Message::default() }
}

/// The number of a message that [`numbered`] made.
pub fn number_of(message: &Message) -> Option<u64> {
    match &message.data {
        loquat_protocol::Data::Text(text) => u64::from_str_radix(text.get(..16)?, 16).ok(),
        _ => None,
    }
}
