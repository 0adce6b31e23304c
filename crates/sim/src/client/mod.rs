//! A client as an SDK makes one: it resumes, sends again, attaches again, enters again; and keeps a record of all it saw.

mod channel;
mod receive;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use loquat_protocol::{
    Action, Data, Format, Message, PresenceAction, PresenceMessage, ProtocolMessage, Serial,
};

pub use self::channel::{Channel, Span, State};

#[derive(Clone, Debug)]
struct Sent {
    serial: i64,
    frame: ProtocolMessage,
    /// It was about a stay that has ended meanwhile, and is not sent again.
    over: bool,
}

/// An acknowledged message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acknowledged {
    /// The channel.
    pub channel: String,
    /// Its text, unique in a run.
    pub text: String,
    /// Its serial, as the ACK told it.
    pub serial: String,
}

/// A client.
#[derive(Debug)]
pub struct Client {
    /// Its client id.
    pub name: String,
    /// What it speaks.
    pub format: Format,
    /// The connection that it has or wants back.
    pub id: Option<String>,
    /// Its socket.
    pub socket: Option<usize>,
    /// Whether CONNECTED has come on it.
    pub connected: bool,
    /// Its channels.
    pub channels: BTreeMap<String, Channel>,
    /// What was acknowledged.
    pub acknowledged: Vec<Acknowledged>,
    /// The ids under which each message was sent: more than one when a resume failed in between.
    pub sent_as: BTreeMap<String, BTreeSet<String>>,
    next_serial: i64,
    unanswered: VecDeque<Sent>,
}

impl Client {
    /// A client that has never been connected.
    pub fn new(name: String, format: Format) -> Self {
        Self {
            name,
            format,
            id: None,
            socket: None,
            connected: false,
            channels: BTreeMap::new(),
            acknowledged: Vec::new(),
            sent_as: BTreeMap::new(),
            next_serial: 0,
            unanswered: VecDeque::new(),
        }
    }

    /// How many publishes wait for their answer.
    pub fn unanswered(&self) -> usize {
        self.unanswered.len()
    }

    /// The socket is gone.
    pub fn disconnected(&mut self) {
        (self.socket, self.connected) = (None, false);
    }

    /// Sends a frame that wants an answer.
    pub fn send(&mut self, mut frame: ProtocolMessage) -> ProtocolMessage {
        let serial = self.next_serial;
        self.next_serial += 1;
        frame.msg_serial = Some(serial);
        self.note_ids(&frame);
        self.unanswered.push_back(Sent { serial, frame: frame.clone(), over: false });
        frame
    }

    fn note_ids(&mut self, frame: &ProtocolMessage) {
        let base =
            format!("{}:{}", self.id.as_deref().unwrap_or_default(), frame.msg_serial.unwrap_or_default());
        for message in &frame.messages {
            let id = message.id.clone().unwrap_or_else(|| base.clone());
            self.sent_as.entry(text(message)).or_default().insert(id);
        }
    }

    /// A presence frame.
    pub fn presence(&mut self, channel: &str, action: PresenceAction, data: Option<&str>) -> ProtocolMessage {
        let event = PresenceMessage {
            action: action as u8,
            data: data.map_or(Data::None, |data| Data::Text(data.to_owned())),
            ..PresenceMessage::default()
        };
        self.send(ProtocolMessage {
            presence: vec![event],
            ..ProtocolMessage::of_channel(Action::Presence, channel)
        })
    }

    /// The ATTACH of a channel: with the last channelSerial if there is one.
    pub fn attach(&mut self, name: &str) -> ProtocolMessage {
        let channel = self.channels.entry(name.to_owned()).or_default();
        channel.state = State::Attaching;
        let params = channel.rewind.map(|count| BTreeMap::from([("rewind".to_owned(), count.to_string())]));
        let channel_serial = channel.serial.clone();
        ProtocolMessage { channel_serial, params, ..ProtocolMessage::of_channel(Action::Attach, name) }
    }

    /// The DETACH of a channel.
    pub fn detach(&mut self, name: &str) -> ProtocolMessage {
        let channel = self.channels.entry(name.to_owned()).or_default();
        channel.state = State::Detaching;
        (channel.serial, channel.rewind, channel.entered) = (None, None, None);
        // Nobody enters a channel again that was left meanwhile.
        let here = |sent: &&mut Sent| sent.frame.channel.as_deref() == Some(name);
        for sent in self.unanswered.iter_mut().filter(here) {
            sent.over |= !sent.frame.presence.is_empty();
        }
        ProtocolMessage::of_channel(Action::Detach, name)
    }

    /// The client ends its connection for good; what is unanswered stays unknown.
    pub fn close(&mut self) -> ProtocolMessage {
        (self.id, self.connected) = (None, false);
        self.unanswered.clear();
        for channel in self.channels.values_mut() {
            *channel = Channel { spans: std::mem::take(&mut channel.spans), ..Channel::default() };
        }
        ProtocolMessage::new(Action::Close)
    }
}

/// The sequence number of a channelSerial.
pub fn seq(serial: Option<&str>) -> Option<u64> {
    serial?.parse::<Serial>().ok().map(|serial| serial.seq)
}

/// The text of a message.
pub fn text(message: &Message) -> String {
    match &message.data {
        Data::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
