//! Random histories and what three clients see of them.

use std::collections::BTreeMap;

use loquat_core::{Slot, connection::Opening};
use loquat_protocol::{Action, Data, Format, Message, PresenceAction, PresenceMessage, ProtocolMessage};

use super::client::Client;
use crate::support::{Event, Node, Options, opening, wire::Received};

/// Names that lie in different partitions of two.
pub const CHANNELS: [&str; 2] = ["a", "b"];

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

/// A node and its clients.
pub struct History {
    pub node: Node,
    /// Messages that were written to connections that did not read, by client.
    pub queued_while_blocked: BTreeMap<String, usize>,
    pub clients: Vec<Client>,
    texts: usize,
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
}

fn open(node: &mut Node, shard: usize, name: &str, n: usize) -> Slot {
    let opening = Opening { format: Format::ALL[n % 2], ..opening(name) };
    node.place.members.returned(&opening.id);
    node.shards[shard].open(node.now, opening)
}
