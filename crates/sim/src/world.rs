//! Everything that can happen, one thing a step.

mod chores;
mod faults;
mod turn;

use std::collections::BTreeMap;

use loquat_core::Now;
use loquat_protocol::{Action, Data, Format, Message, PresenceAction, ProtocolMessage};

use crate::{
    Broken, Tally,
    client::{Client, State},
    log::Log,
    net::Socket,
    rng::Rng,
    server::{PARTITIONS, Server},
};

/// Channels that clients use.
pub const CHANNELS: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

/// The world of a seed.
#[derive(Debug)]
pub struct World {
    /// Decides everything.
    pub rng: Rng,
    /// Both clocks.
    pub now: Now,
    /// What is durable.
    pub log: Log,
    /// The node, as long as it lives.
    pub server: Server,
    /// Every socket there ever was.
    pub sockets: Vec<Socket>,
    /// The clients.
    pub clients: Vec<Client>,
    /// What was exercised.
    pub tally: Tally,
    /// Which socket is at (shard, index).
    places: BTreeMap<(usize, u32), usize>,
    shards: usize,
    ring_bytes: usize,
    /// How often, in a thousand turns, a shard is given nothing of the feed.
    lag: usize,
    texts: usize,
    connections: usize,
}

impl World {
    /// The world as it begins.
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let log = Log::new(PARTITIONS);
        let shards = 1 + rng.below(3);
        // From one entry to all of a run.
        let ring_bytes = [1, 4_000, 20_000, usize::MAX][rng.below(4)];
        let server = Server::start(&log, shards, ring_bytes, vec![0; usize::from(PARTITIONS)]);
        let lag = [0, 500, 950][rng.below(3)];
        let clients =
            (0..2 + rng.below(5)).map(|n| Client::new(format!("client-{n}"), Format::ALL[n % 2])).collect();
        Self {
            rng,
            now: Now { mono_ms: 5, wall_ms: 1_700_000_000_000 },
            log,
            server,
            sockets: Vec::new(),
            clients,
            tally: Tally::default(),
            places: BTreeMap::new(),
            shards,
            ring_bytes,
            lag,
            texts: 0,
            connections: 0,
        }
    }

    /// One thing happens.
    ///
    /// # Errors
    /// When it shows that a law is broken.
    pub fn step(&mut self) -> Result<(), Broken> {
        self.pass(0, 40);
        match self.rng.below(1_000) {
            0..280 => {
                let shard = self.rng.below(self.shards);
                let mail = 1 + self.rng.below(6);
                let entries = if self.rng.permille(self.lag) { 0 } else { 1 + self.rng.below(4) };
                self.turn(shard, mail, entries)?;
            }
            280..500 => self.deliver_up(),
            500..720 => {
                let count = 1 + self.rng.below(4);
                self.deliver_down(count)?;
            }
            720..800 => {
                let count = 1 + self.rng.below(4);
                self.commit(count);
            }
            800..830 => self.answer_one(true),
            830..840 => self.tick(),
            840..975 => self.act(),
            _ => self.fault(),
        }
        Ok(())
    }

    /// Time passes.
    fn pass(&mut self, at_least_ms: u64, spread_ms: usize) {
        let ms = at_least_ms + self.rng.below(spread_ms + 1) as u64;
        self.now.mono_ms += ms;
        self.now.wall_ms += ms;
    }

    /// A client does something.
    fn act(&mut self) {
        let client = self.rng.below(self.clients.len());
        if self.clients[client].socket.is_none() {
            return self.connect(client);
        }
        if !self.clients[client].connected {
            return;
        }
        let Some(name) = self.rng.pick(&CHANNELS) else { return };
        let channel = self.clients[client].channels.entry(name.to_owned()).or_default();
        let (state, entered) = (channel.state, channel.entered.is_some());
        let frame = match self.rng.below(100) {
            0..55 => self.publication(client, name),
            55..75 if state == State::Attached => self.presence(client, name, entered),
            55..85 if state == State::Detached => {
                let rewind = self.rng.permille(300).then(|| 1 + self.rng.below(5) as u32);
                self.clients[client].channels.entry(name.to_owned()).or_default().rewind = rewind;
                self.clients[client].attach(name)
            }
            85..90 if state == State::Attached => self.clients[client].detach(name),
            90..94 if state == State::Attached => self.clients[client].attach(name),
            94 => self.clients[client].close(),
            _ => return,
        };
        self.send(client, frame);
    }

    fn publication(&mut self, client: usize, name: &str) -> ProtocolMessage {
        let count = 1 + self.rng.below(3);
        let explicit = self.rng.permille(300);
        let base = self.texts;
        let message = |n: usize| Message {
            id: explicit.then(|| format!("own-{base}:{n}")),
            data: Data::Text(format!("text {}", base + n)),
            ..Message::default()
        };
        self.texts += count;
        let messages = (0..count).map(message).collect();
        self.clients[client]
            .send(ProtocolMessage { messages, ..ProtocolMessage::of_channel(Action::Message, name) })
    }

    fn presence(&mut self, client: usize, name: &str, entered: bool) -> ProtocolMessage {
        let leave = entered && self.rng.permille(400);
        self.texts += 1;
        let data = format!("data {}", self.texts);
        let client = &mut self.clients[client];
        client.channels.entry(name.to_owned()).or_default().entered = (!leave).then(|| data.clone());
        match leave {
            true => client.presence(name, PresenceAction::Leave, None),
            false if entered => client.presence(name, PresenceAction::Update, Some(&data)),
            false => client.presence(name, PresenceAction::Enter, Some(&data)),
        }
    }

    fn send(&mut self, client: usize, frame: ProtocolMessage) {
        let client = &self.clients[client];
        if let Some(socket) = client.socket {
            self.sockets[socket].up.push_back(client.format.encode(&frame).into());
        }
    }
}
