//! Random histories and what three clients see of them.

use std::collections::BTreeMap;

use loquat_core::{Slot, connection::Opening};
use loquat_protocol::{
    Action, AppId, ChannelId, ChannelName, ConnectionId, Data, Flags, Format, Message, PartitionId,
    PresenceAction, PresenceMessage, ProtocolMessage, Serial, entry::EntryKind,
};

use crate::support::{Event, Node, Options, TestRights, wire::Received};

/// Names that lie in different partitions of two.
const CHANNELS: [&str; 2] = ["a", "b"];

/// One thing that happens; clients, channels and shards by number.
#[derive(Clone, Debug)]
pub enum Step {
    Publish(usize, usize, usize),
    Attach(usize, usize),
    Rewind(usize, usize, u32),
    Detach(usize, usize),
    Reconnect(usize, usize),
    Block(usize),
    Drain(usize),
    Presence(usize, usize, bool),
    Feed(usize, usize),
    Commit(usize),
    Answer(usize),
    Turn,
    Prune,
}

/// What came between an ATTACHED that was not RESUMED and the next, or the end of the attachment.
#[derive(Clone, Debug, Default)]
pub struct Span {
    pub start: u64,
    pub rewound: bool,
    pub goes_on: bool,
    pub rows: Vec<(u64, Vec<String>)>,
}

#[derive(Default)]
struct Seen {
    serial: Option<String>,
    wanted: bool,
    spans: Vec<Span>,
    view: BTreeMap<String, String>,
}

struct Client {
    name: String,
    shard: usize,
    slot: Slot,
    blocked: bool,
    sent: i64,
    answered: Vec<i64>,
    channels: [Seen; 2],
}

/// A node and its clients.
pub struct History {
    pub node: Node,
    /// Messages that were written to connections that did not read, by client.
    pub queued_while_blocked: BTreeMap<String, usize>,
    clients: Vec<Client>,
    texts: usize,
}

fn channel_id(name: &str) -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(name))
}

fn text(data: &Data) -> String {
    match data {
        Data::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn rows_of(frame: &ProtocolMessage) -> Vec<String> {
    frame.messages.iter().map(|message| text(&message.data)).collect()
}

impl History {
    pub fn new(options: &Options) -> Self {
        let mut node = Node::new(options);
        (node.hold_log, node.hold_store, node.hold_feed) = (true, true, vec![true; options.shards]);
        let mut clients = Vec::new();
        for n in 0..3 {
            let (name, shard) = (format!("client-{n}"), n % options.shards);
            let slot = open(&mut node, shard, &name, n);
            let channels = Default::default();
            clients.push(Client {
                name,
                shard,
                slot,
                blocked: false,
                sent: 0,
                answered: Vec::new(),
                channels,
            });
        }
        Self { node, queued_while_blocked: BTreeMap::new(), clients, texts: 0 }
    }

    pub fn step(&mut self, step: &Step) {
        match *step {
            Step::Publish(client, channel, count) => self.publish(client, channel, count),
            Step::Attach(client, channel) => self.attach(client, channel, None),
            Step::Rewind(client, channel, count) => self.attach(client, channel, Some(count)),
            Step::Detach(client, channel) => {
                let seen = &mut self.clients[client].channels[channel];
                (seen.serial, seen.wanted) = (None, false);
                seen.spans.iter_mut().for_each(|span| span.goes_on = false);
                self.frame(client, &ProtocolMessage::of_channel(Action::Detach, CHANNELS[channel]));
            }
            Step::Reconnect(client, shard) => self.reconnect(client, shard),
            Step::Block(client) => self.block(client),
            Step::Drain(client) => self.drain(client),
            Step::Presence(client, channel, on) => self.presence(client, channel, on),
            Step::Feed(shard, count) => drop(self.node.feed(shard, count)),
            Step::Commit(count) => drop(self.node.commit(count)),
            // Not necessarily in the order in which they were asked.
            Step::Answer(at) => {
                if let Some((shard, read)) = self.node.reads.remove(at) {
                    self.node.answer_one(shard, &read);
                }
            }
            Step::Turn => self.turn(),
            Step::Prune => {
                let heads = self.node.place.history.iter().map(|entries| entries.len() as u64);
                self.node.place.pruned_seq = heads.min().unwrap_or(0) / 2;
            }
        }
    }

    fn publish(&mut self, client: usize, channel: usize, count: usize) {
        let message = |n: usize| Message { data: Data::Text(format!("{n}")), ..Message::default() };
        let messages = (self.texts..self.texts + count).map(message).collect();
        self.texts += count;
        let frame =
            ProtocolMessage { messages, ..ProtocolMessage::of_channel(Action::Message, CHANNELS[channel]) };
        self.numbered(client, frame);
    }

    fn presence(&mut self, client: usize, channel: usize, on: bool) {
        self.texts += 1;
        let action = if on { PresenceAction::Enter } else { PresenceAction::Leave } as u8;
        let (client_id, data) = (Some(self.clients[client].name.clone()), Data::Text(self.texts.to_string()));
        let presence = vec![PresenceMessage { action, client_id, data, ..PresenceMessage::default() }];
        let frame =
            ProtocolMessage { presence, ..ProtocolMessage::of_channel(Action::Presence, CHANNELS[channel]) };
        self.numbered(client, frame);
    }

    fn numbered(&mut self, client: usize, frame: ProtocolMessage) {
        let msg_serial = Some(self.clients[client].sent);
        self.clients[client].sent += 1;
        self.frame(client, &ProtocolMessage { msg_serial, ..frame });
    }

    fn attach(&mut self, client: usize, channel: usize, rewind: Option<u32>) {
        let seen = &mut self.clients[client].channels[channel];
        seen.wanted = true;
        let params = rewind.map(|count| BTreeMap::from([("rewind".to_owned(), count.to_string())]));
        let channel_serial = seen.serial.clone();
        let frame = ProtocolMessage {
            channel_serial,
            params,
            ..ProtocolMessage::of_channel(Action::Attach, CHANNELS[channel])
        };
        self.frame(client, &frame);
    }

    fn frame(&mut self, client: usize, frame: &ProtocolMessage) {
        let (shard, slot) = (self.clients[client].shard, self.clients[client].slot);
        let bytes = Format::Json.encode(frame);
        let node = &mut self.node;
        node.shards[shard].frame(node.now, &node.place, slot, Format::Json, &bytes);
    }

    /// The link breaks when all that was written has arrived; the client comes back and attaches where it was.
    fn reconnect(&mut self, client: usize, shard: usize) {
        self.turn();
        let (old_shard, old) = (self.clients[client].shard, self.clients[client].slot);
        self.node.socket_closed(old_shard, old);
        let sent = self.clients[client].sent;
        let slot = open(&mut self.node, shard, &self.clients[client].name, client);
        let known = &mut self.clients[client];
        (known.shard, known.slot, known.blocked) = (shard, slot, false);
        // What was not answered is not sent again here: the simulator does that.
        known.answered = (0..sent).collect();
        for channel in 0..CHANNELS.len() {
            if self.clients[client].channels[channel].wanted {
                self.attach(client, channel, None);
            }
        }
    }

    fn block(&mut self, client: usize) {
        self.turn();
        let (shard, slot) = (self.clients[client].shard, self.clients[client].slot);
        self.node.shards[shard].blocked(self.node.now, slot);
        self.clients[client].blocked = true;
    }

    fn drain(&mut self, client: usize) {
        let (shard, slot) = (self.clients[client].shard, self.clients[client].slot);
        self.node.shards[shard].drained(&self.node.place, slot);
        self.clients[client].blocked = false;
    }

    /// Everything held is let go and everybody reads.
    pub fn come_to_rest(&mut self) {
        (self.node.hold_log, self.node.hold_store) = (false, false);
        self.node.hold_feed.fill(false);
        (0..self.clients.len()).for_each(|client| self.drain(client));
        self.turn();
    }

    fn turn(&mut self) {
        for event in self.node.turn() {
            let Event::Frame(shard, index, Received::Message(_, frame)) = event else { continue };
            let at = |client: &&mut Client| client.shard == shard && client.slot.index == index;
            if let Some(client) = self.clients.iter_mut().find(at) {
                if client.blocked && frame.action() == Some(Action::Message) {
                    *self.queued_while_blocked.entry(client.name.clone()).or_default() += 1;
                }
                client.receive(&frame);
            }
        }
    }

    /// The message entries of a channel.
    pub fn stored(&self, channel: &str) -> Vec<(u64, Vec<String>)> {
        let id = channel_id(channel);
        let entries = self.node.place.history[PartitionId::of(&id, 2).index()].iter();
        entries
            .filter(|entry| entry.channel == id && entry.kind == EntryKind::Message)
            .map(|entry| {
                let texts = entry.messages().messages.iter().map(|message| text(&message.data)).collect();
                (entry.serial.seq, texts)
            })
            .collect()
    }

    /// Every stretch of continuity of every client.
    pub fn spans(&self) -> impl Iterator<Item = (&str, &'static str, &Span)> {
        self.clients.iter().flat_map(|client| {
            let named = CHANNELS.into_iter().zip(&client.channels);
            named.flat_map(move |(name, seen)| {
                seen.spans.iter().map(move |span| (client.name.as_str(), name, span))
            })
        })
    }

    /// What each attached client thinks who is there.
    pub fn views(&self) -> Vec<(&str, &'static str, BTreeMap<String, String>)> {
        let attached = |client: &'_ Client| -> Vec<(&'static str, BTreeMap<String, String>)> {
            let named = CHANNELS.into_iter().zip(&client.channels);
            named.filter(|(_, seen)| seen.wanted).map(|(name, seen)| (name, seen.view.clone())).collect()
        };
        self.clients
            .iter()
            .flat_map(|client| {
                attached(client).into_iter().map(|(name, view)| (client.name.as_str(), name, view))
            })
            .collect()
    }

    /// Who is there.
    pub fn members(&self, channel: &str) -> BTreeMap<String, String> {
        let present = self.node.place.members.members(&channel_id(channel)).present;
        present.iter().map(|event| (event.client_id.clone().unwrap_or_default(), text(&event.data))).collect()
    }

    /// How much each client has sent, and what was answered.
    pub fn answers(&self) -> impl Iterator<Item = (&str, (i64, Vec<i64>))> {
        self.clients.iter().map(|client| (client.name.as_str(), (client.sent, client.answered.clone())))
    }
}

fn open(node: &mut Node, shard: usize, name: &str, n: usize) -> Slot {
    let opening = Opening {
        id: ConnectionId::from_trusted(name),
        key: String::new(),
        error: None,
        rights: TestRights::parse([].into_iter()),
        format: Format::ALL[n % 2],
        echo: true,
        heartbeats: false,
        grace_ms: 15_000,
    };
    node.place.members.returned(&opening.id);
    node.shards[shard].open(node.now, opening)
}

impl Client {
    fn receive(&mut self, frame: &ProtocolMessage) {
        match frame.action() {
            Some(Action::Ack | Action::Nack) => {
                let (first, count) = (frame.msg_serial.unwrap_or(-1), i64::from(frame.count.unwrap_or(0)));
                self.answered.extend(first..first + count);
            }
            Some(Action::Error) => panic!("{} was sent {frame:?}", self.name),
            _ => {}
        }
        let Some(at) = CHANNELS.iter().position(|name| frame.channel.as_deref() == Some(name)) else {
            return;
        };
        let seen = &mut self.channels[at];
        let seq = frame
            .channel_serial
            .as_ref()
            .and_then(|serial| serial.parse::<Serial>().ok())
            .map(|serial| serial.seq);
        match frame.action() {
            Some(Action::Attached) if seen.wanted => seen.attached(frame, seq.expect("a position")),
            Some(Action::Message) if seen.wanted => {
                let span = seen.spans.last_mut().expect("ATTACHED comes before messages");
                span.rows.push((seq.expect("a position"), rows_of(frame)));
                seen.serial.clone_from(&frame.channel_serial);
            }
            Some(Action::Presence | Action::Sync) => seen.members(frame),
            _ => {}
        }
    }
}

impl Seen {
    fn attached(&mut self, frame: &ProtocolMessage, start: u64) {
        let flags = frame.flags();
        if !flags.contains(Flags::RESUMED) {
            self.spans.iter_mut().for_each(|span| span.goes_on = false);
            let rewound = flags.contains(Flags::HAS_BACKLOG);
            self.spans.push(Span { start, rewound, goes_on: true, rows: Vec::new() });
        }
        self.serial.clone_from(&frame.channel_serial);
        if !flags.contains(Flags::HAS_PRESENCE) {
            self.view.clear();
        }
    }

    /// With few members a SYNC is one page; the order on one connection is that of the changes.
    fn members(&mut self, frame: &ProtocolMessage) {
        if frame.action() == Some(Action::Sync) {
            self.view.clear();
        }
        for event in &frame.presence {
            let name = event.client_id.clone().unwrap_or_default();
            if event.action == PresenceAction::Leave as u8 {
                self.view.remove(&name);
            } else {
                self.view.insert(name, text(&event.data));
            }
        }
    }
}
