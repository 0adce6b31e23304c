//! A client as an SDK makes one: it resumes, sends again, attaches again, enters again; and keeps a record of all it saw.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use loquat_protocol::{
    Action, Data, Flags, Format, Message, PresenceAction, PresenceMessage, ProtocolMessage, Serial,
};

use crate::{Broken, Tally, presence::View};

/// Where an attachment stands, as the client sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum State {
    /// Not attached.
    #[default]
    Detached,
    /// ATTACH is sent or will be when there is a connection.
    Attaching,
    /// ATTACHED has come.
    Attached,
    /// DETACH is sent.
    Detaching,
}

/// What came between two losses of continuity.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// The sequence number that ATTACHED gave: everything after it was promised.
    pub start: u64,
    /// A rewind may have left out the beginning of the first entry.
    pub rewound: bool,
    /// What was received: sequence number and message texts.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// A channel of a client.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    /// Where the attachment stands.
    pub state: State,
    /// The last channelSerial.
    pub serial: Option<String>,
    /// What the client asked for with the attach.
    pub rewind: Option<u32>,
    /// What was received, by stretches of continuity; the last one goes on while attached.
    pub spans: Vec<Span>,
    /// Who the client thinks is there.
    pub view: View,
    /// What the client has entered with, if it has.
    pub entered: Option<String>,
}

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

fn broken(law: &'static str, what: String) -> Broken {
    Broken { law, what }
}

/// The sequence number of a channelSerial.
pub fn seq(serial: Option<&str>) -> Option<u64> {
    serial?.parse::<Serial>().ok().map(|serial| serial.seq)
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

    /// A frame came. Returns what the client sends thereupon.
    ///
    /// # Errors
    /// When the frame breaks a law.
    pub fn receive(
        &mut self,
        frame: ProtocolMessage,
        tally: &mut Tally,
    ) -> Result<Vec<ProtocolMessage>, Broken> {
        let name = frame.channel.clone().unwrap_or_default();
        match frame.action() {
            Some(Action::Connected) => return Ok(self.welcome(frame)),
            Some(Action::Attached) => return self.attached(&name, &frame, tally),
            Some(Action::Detached) => {
                let channel = self.channels.entry(name).or_default();
                if channel.state == State::Detaching {
                    channel.state = State::Detached;
                    channel.view.clear();
                }
            }
            Some(Action::Message) => self.message(&name, &frame, tally)?,
            Some(Action::Presence | Action::Sync) => self.members(&name, frame, tally),
            Some(Action::Ack) => self.acknowledge(&frame, tally)?,
            Some(Action::Heartbeat | Action::Disconnected | Action::Closed) => {}
            _ => return Err(broken("ANSWER", format!("{} was sent {frame:?}", self.name))),
        }
        Ok(Vec::new())
    }

    fn welcome(&mut self, frame: ProtocolMessage) -> Vec<ProtocolMessage> {
        let resumed = self.id == frame.connection_id;
        (self.id, self.connected) = (frame.connection_id, true);
        let mut again: Vec<Sent> = std::mem::take(&mut self.unanswered).into();
        again.retain(|sent| !sent.over);
        // RTN19a2: the same numbers on the same connection, new ones on another.
        let mut out: Vec<_> = if resumed {
            self.unanswered = again.clone().into();
            again.into_iter().map(|sent| sent.frame).collect()
        } else {
            self.next_serial = 0;
            again.into_iter().map(|sent| self.send(sent.frame)).collect()
        };
        let names: Vec<_> =
            self.channels.iter().map(|(name, channel)| (name.clone(), channel.state)).collect();
        for (name, state) in names {
            match state {
                State::Attached | State::Attaching => out.push(self.attach(&name)),
                State::Detaching => out.push(self.detach(&name)),
                State::Detached => {}
            }
        }
        out
    }

    fn attached(
        &mut self,
        name: &str,
        frame: &ProtocolMessage,
        tally: &mut Tally,
    ) -> Result<Vec<ProtocolMessage>, Broken> {
        let who = format!("{} on {name}", self.name);
        let channel = self.channels.entry(name.to_owned()).or_default();
        if matches!(channel.state, State::Detached | State::Detaching) {
            return Ok(Vec::new());
        }
        let at = seq(frame.channel_serial.as_deref())
            .ok_or_else(|| broken("CUT-1", format!("{who}: ATTACHED without a position")))?;
        let flags = frame.flags();
        if flags.contains(Flags::RESUMED) {
            let had = seq(channel.serial.as_deref());
            if had.is_none_or(|had| at < had) {
                return Err(broken("GAP-1", format!("{who}: RESUMED at {at}, but the client has {had:?}")));
            }
            tally.resumed += 1;
        } else {
            tally.lost += usize::from(channel.serial.is_some());
            channel.spans.push(Span {
                start: at,
                rewound: flags.contains(Flags::HAS_BACKLOG),
                ..Span::default()
            });
        }
        let was_attaching = std::mem::replace(&mut channel.state, State::Attached) == State::Attaching;
        channel.serial = frame.channel_serial.clone();
        if !flags.contains(Flags::HAS_PRESENCE) && (was_attaching || !flags.contains(Flags::RESUMED)) {
            channel.view.clear();
        }
        // RTP17i: whoever was there enters again.
        let entered = channel.entered.clone();
        Ok(entered.map(|data| self.presence(name, PresenceAction::Enter, Some(&data))).into_iter().collect())
    }

    fn message(&mut self, name: &str, frame: &ProtocolMessage, tally: &mut Tally) -> Result<(), Broken> {
        let who = format!("{} on {name}", self.name);
        let channel = self.channels.entry(name.to_owned()).or_default();
        if matches!(channel.state, State::Detached | State::Detaching) {
            return Ok(());
        }
        let Some(at) = seq(frame.channel_serial.as_deref()) else {
            return Err(broken("GAP-1", format!("{who}: a message without a channelSerial")));
        };
        let Some(span) = channel.spans.last_mut() else {
            return Err(broken("CUT-1", format!("{who}: a message before the first ATTACHED")));
        };
        let last = span.rows.last().map_or(span.start, |(last, _)| *last);
        if at <= last {
            return Err(broken("ORD-1", format!("{who}: {at} came after {last}")));
        }
        span.rows.push((at, frame.messages.iter().map(text).collect()));
        channel.serial = frame.channel_serial.clone();
        tally.received += frame.messages.len();
        Ok(())
    }

    fn members(&mut self, name: &str, frame: ProtocolMessage, tally: &mut Tally) {
        let channel = self.channels.entry(name.to_owned()).or_default();
        if channel.state == State::Detached {
            return;
        }
        tally.presence += frame.presence.len();
        if frame.action() == Some(Action::Sync) {
            channel.view.sync(frame);
        } else {
            frame.presence.into_iter().for_each(|event| channel.view.apply(event));
        }
    }

    fn acknowledge(&mut self, frame: &ProtocolMessage, tally: &mut Tally) -> Result<(), Broken> {
        let first = frame.msg_serial.unwrap_or(-1);
        for (serial, result) in (first..).zip(&frame.res) {
            // After a close the answers to what was sent before it mean nothing any more.
            let Some(sent) = self.unanswered.pop_front() else { return Ok(()) };
            if sent.serial != serial {
                let what =
                    format!("{}: the answer to {serial} came while {} was due", self.name, sent.serial);
                return Err(broken("ANSWER", what));
            }
            for (message, serial) in sent.frame.messages.iter().zip(&result.serials) {
                let channel = sent.frame.channel.clone().unwrap_or_default();
                let serial = serial.clone().unwrap_or_default();
                self.acknowledged.push(Acknowledged { channel, text: text(message), serial });
                tally.acknowledged += 1;
            }
        }
        Ok(())
    }
}

/// The text of a message.
pub fn text(message: &Message) -> String {
    match &message.data {
        Data::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
