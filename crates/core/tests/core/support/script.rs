//! Transcripts: lines that begin with `>` are what happens, the lines after each are what comes of it.
//!
//! ```text
//! > open a [json|msgpack] [client=bob|anonymous|wildcard] [cap=c:subscribe] [no-echo] [id=…] [shard=1] …
//! > a {"action":10,"channel":"c"}      a frame; or `a ATTACH c {"params":{…}}`, `a MESSAGE c 0 ["x"]`
//! > change a cap=c:subscribe | changed bob|everybody
//! > block a | drain a | gone a | supersede a | shed a | revoke a 40141 | grant a <rights> | deny a 40140
//! > hold log|feed|store|close | commit 1 | refuse 50003 | feed 1 | answer 1 | go
//! > lose | post c "x" | evict | prune 3 | wait 500
//! ```

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use loquat_core::{
    Changed, Effect, Slot,
    connection::Opening,
    effect::Append,
    feed::{Ring, RingLimits},
};
use loquat_protocol::{
    AppId, ChannelId, ChannelName, ClientId, ErrorCode, Format, PartitionId,
    entry::{MessagesPayload, encode_messages},
};

use super::{
    Event, Node, Options, TestRights,
    frame::{encode, messages},
    opening, print,
};

struct Client {
    shard: usize,
    slot: Slot,
    format: Format,
    rights: Arc<TestRights>,
}

struct Script {
    node: Node,
    options: Options,
    clients: HashMap<String, Client>,
    names: HashMap<(usize, u32), String>,
    hold_close: bool,
    posts: u8,
    /// Lines that an input has brought at once.
    notes: Vec<String>,
}

/// Runs a transcript and compares; see the module.
#[track_caller]
pub fn check(transcript: &str) {
    check_with(Options::default(), transcript);
}

/// [`check`] with other bounds.
#[track_caller]
pub fn check_with(options: Options, transcript: &str) {
    let mut script = Script {
        node: Node::new(&options),
        options,
        clients: HashMap::new(),
        names: HashMap::new(),
        hold_close: false,
        posts: 0,
        notes: Vec::new(),
    };
    let lines = || transcript.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut actual = Vec::new();
    for line in lines() {
        if let Some(input) = line.strip_prefix("> ") {
            actual.push(line.to_owned());
            script.input(input);
            script.collect(&mut actual);
        }
    }
    let (actual, expected) = (actual.join("\n"), lines().collect::<Vec<_>>().join("\n"));
    assert!(actual == expected, "the transcript is\n{actual}\n\nbut should be\n{expected}\n");
}

impl Script {
    fn input(&mut self, line: &str) {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "open" => self.open(rest),
            "hold" => self.hold(rest, true),
            "go" => ["log", "feed", "store", "close"].iter().for_each(|what| self.hold(what, false)),
            "commit" => drop(self.node.commit(rest.parse().expect("a count"))),
            "refuse" => self.node.refuse(error_code(rest)),
            "feed" => drop(self.node.feed(0, rest.parse().expect("a count"))),
            "answer" => drop(self.node.answer(rest.parse().expect("a count"))),
            "wait" => self.node.wait(rest.parse().expect("milliseconds")),
            "prune" => self.node.place.pruned_seq = rest.parse().expect("a sequence number"),
            "evict" => self.evict(),
            "changed" => self.changed(rest),
            "lose" => self.node.shards[0].ephemeral_lost(&self.node.place),
            "post" => self.post(rest),
            "block" | "drain" | "gone" | "supersede" | "shed" | "revoke" | "grant" | "deny" | "change" => {
                self.happen(verb, rest);
            }
            client => self.frame(client, rest),
        }
    }

    fn open(&mut self, line: &str) {
        let (name, words) = line.split_once(' ').unwrap_or((line, ""));
        let given = |key: &str| words.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let has = |word: &str| words.split(' ').any(|one| one == word);
        let rights = TestRights::parse(words.split(' '));
        let shard = given("shard").map_or(0, |shard| shard.parse().expect("a shard"));
        let format = if has("msgpack") { Format::Msgpack } else { Format::Json };
        let id = given("id").unwrap_or(name);
        let opening = Opening {
            key: format!("{id}!key"),
            error: given("error").map(|code| error_code(code).into()),
            rights: rights.clone(),
            format,
            echo: !has("no-echo"),
            heartbeats: has("heartbeats"),
            idle_interval_ms: given("idle").map(|ms| ms.parse().expect("milliseconds")),
            grace_ms: given("grace").map_or(15_000, |ms| ms.parse().expect("milliseconds")),
            ..opening(id)
        };
        self.node.place.members.returned(&opening.id);
        let slot = self.node.shards[shard].open(self.node.now, opening);
        self.names.insert((shard, slot.index), name.to_owned());
        self.clients.insert(name.to_owned(), Client { shard, slot, format, rights });
    }

    fn hold(&mut self, what: &str, hold: bool) {
        match what {
            "log" => self.node.hold_log = hold,
            "store" => self.node.hold_store = hold,
            "feed" => self.node.hold_feed.fill(hold),
            "close" => self.hold_close = hold,
            other => panic!("cannot hold {other}"),
        }
    }

    /// The shards are told whose rights have changed.
    fn changed(&mut self, whose: &str) {
        let mut changed = Changed::default();
        changed.add((whose != "everybody").then(|| ClientId::from_trusted(whose)));
        for shard in &mut self.node.shards {
            shard.rights_changed(self.node.now, &self.node.place, &changed);
        }
        self.node.check_absences(&changed);
    }

    /// The rings forget everything.
    fn evict(&mut self) {
        for ring in &mut self.node.place.rings {
            let limits = RingLimits { bytes_max: self.options.ring_bytes, age_ms_max: u64::MAX };
            *ring = Ring::new(ring.head(), limits);
        }
    }

    /// Somebody who is not connected publishes: `post c "x"`.
    fn post(&mut self, line: &str) {
        let (channel, text) = line.split_once(' ').expect("post <channel> <json>");
        let channel = channel_id(channel);
        let messages = messages(text);
        let count = messages.len();
        let body = encode_messages(&channel, &MessagesPayload { messages, ..Default::default() });
        self.posts += 1;
        let mut key = [0; 16];
        key[0] = self.posts;
        let partition = PartitionId::of(&channel, self.options.limits.partitions);
        let time_ms = self.node.now.wall_ms;
        self.node.store(&Append { ticket: None, partition, key, time_ms, body, messages: count });
    }

    fn happen(&mut self, verb: &str, rest: &str) {
        let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let client = &self.clients[name];
        let (node, slot) = (&mut self.node, client.slot);
        if verb == "gone" {
            let gone = node.socket_closed(client.shard, slot);
            return self.notes.extend(gone.then(|| format!("{name}! gone")));
        }
        let shard = &mut node.shards[client.shard];
        match verb {
            "block" => shard.blocked(node.now, slot),
            "drain" => shard.drained(&node.place, slot),
            "supersede" => shard.supersede(slot),
            "shed" => shard.drain(slot),
            "change" => client.rights.change(rest.split(' ')),
            "revoke" => client.rights.revoke(error_code(rest)),
            "grant" => shard.authenticated(&node.place, slot, Ok(TestRights::parse(rest.split(' ')))),
            _ => shard.authenticated(&node.place, slot, Err(error_code(rest).into())),
        }
    }

    fn frame(&mut self, client: &str, line: &str) {
        let client = self.clients.get(client).unwrap_or_else(|| panic!("who or what is {client}?"));
        let payload = match line.strip_prefix("raw ") {
            Some(text) => Bytes::copy_from_slice(text.as_bytes()),
            None => encode(client.format, line),
        };
        let (node, slot) = (&mut self.node, client.slot);
        node.shards[client.shard].frame(node.now, &node.place, slot, client.format, &payload);
    }

    fn collect(&mut self, lines: &mut Vec<String>) {
        lines.append(&mut self.notes);
        loop {
            let events = self.node.turn();
            if events.is_empty() {
                return;
            }
            for event in events {
                self.event(event, lines);
            }
        }
    }

    fn event(&mut self, event: Event, lines: &mut Vec<String>) {
        match event {
            Event::Frame(shard, index, frame) => {
                lines.push(format!("{}: {}", self.names[&(shard, index)], print::frame(&frame)));
            }
            Event::Effect(shard, effect) => {
                let slot = match &effect {
                    Effect::Close { slot, .. }
                    | Effect::Reading { slot, .. }
                    | Effect::Authenticate { slot, .. } => Some(*slot),
                    _ => None,
                };
                let who = slot.map_or("", |slot| &self.names[&(shard, slot.index)]);
                lines.extend(print::effect(&effect).map(|text| format!("{who}! {text}")));
                if let (Effect::Close { slot, .. }, false) = (&effect, self.hold_close)
                    && self.node.socket_closed(shard, *slot)
                {
                    lines.push(format!("{}! gone", self.names[&(shard, slot.index)]));
                }
            }
        }
    }
}

fn error_code(text: &str) -> ErrorCode {
    let code: u32 = text.parse().expect("an error code");
    *ErrorCode::ALL.iter().find(|row| row.code() == code).expect("a code of the table")
}

fn channel_id(name: &str) -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(name))
}
