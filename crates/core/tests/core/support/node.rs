//! The smallest node: shards over a modelled log, ring, projection and member table. Each of them can be held back.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use loquat_core::{
    Changed, Effect, Limits, Now, Shard, Slot, World,
    channel::EphemeralMessage,
    effect::Append,
    feed::{FeedEntry, Ring, RingLimits},
    presence::{Full, MemberTable, Members},
    shard::{Backlog, RewindStart},
    world::{Continuity, Recent},
};
use loquat_protocol::{
    ChannelId, ConnectionId, ErrorCode, Operation, PartitionId, PresenceMessage, Serial, entry::EntryKind,
    params::Rewind,
};

use super::wire;

/// How a node is made.
#[derive(Clone, Debug)]
pub struct Options {
    pub limits: Limits,
    pub shards: usize,
    /// Bytes of a ring; small ones make catch-ups read the projection.
    pub ring_bytes: usize,
    pub start: Now,
}

impl Default for Options {
    fn default() -> Self {
        let limits = Limits { partitions: 1, ..Limits::default() };
        Self { limits, shards: 1, ring_bytes: usize::MAX, start: Now { mono_ms: 1_000, wall_ms: 1_000_000 } }
    }
}

/// What came out of a turn.
#[derive(Debug)]
pub enum Event {
    /// A frame for the socket at (shard, index).
    Frame(usize, u32, wire::Received),
    /// An effect of a shard that the node leaves to the test.
    Effect(usize, Effect),
}

/// What shards read.
pub struct Place {
    pub rings: Vec<Ring>,
    /// Every entry ever, the projection.
    pub history: Vec<Vec<Arc<FeedEntry>>>,
    /// Entries up to here are removed by retention.
    pub pruned_seq: u64,
    pub members: MemberTable,
}

impl World for Place {
    fn members(&self, channel: &ChannelId) -> Members {
        let mut members = self.members.members(channel);
        members
            .present
            .sort_by(|a, b| (&a.client_id, &a.connection_id).cmp(&(&b.client_id, &b.connection_id)));
        members
    }

    fn recent(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        after: u64,
        until: u64,
        newest: usize,
    ) -> Recent {
        match self.rings[partition.index()].channel(channel, after, until, newest) {
            Some(entries) => Recent::Held(entries),
            None => Recent::Evicted,
        }
    }

    fn continuity(&self, _: &ChannelId, partition: PartitionId, serial: Serial) -> Continuity {
        match () {
            () if serial.epoch != 1 || serial.seq > self.rings[partition.index()].head().seq => {
                Continuity::Unknown
            }
            () if serial.seq < self.pruned_seq => Continuity::Expired,
            () => Continuity::Kept,
        }
    }
}

impl Place {
    fn range(
        &self,
        channel: &ChannelId,
        partition: PartitionId,
        after: u64,
        until: u64,
    ) -> Vec<Arc<FeedEntry>> {
        let wanted = |entry: &&Arc<FeedEntry>| {
            let seq = entry.serial.seq;
            entry.channel == *channel && entry.kind == EntryKind::Message && after < seq && seq <= until
        };
        self.history[partition.index()].iter().filter(wanted).cloned().collect()
    }

    fn rewind_start(
        &self,
        now: Now,
        channel: &ChannelId,
        partition: PartitionId,
        rewind: Rewind,
        until: u64,
    ) -> RewindStart {
        let mut start = RewindStart { after: Serial::new(1, until), skip: 0, backlog: false };
        let mut wanted = match rewind {
            Rewind::Count(count) => count as usize,
            Rewind::Ms(_) => usize::MAX,
        };
        for entry in self.range(channel, partition, 0, until).iter().rev() {
            let too_old = matches!(rewind, Rewind::Ms(ms) if entry.time_ms + ms < now.wall_ms);
            if wanted == 0 || too_old {
                break;
            }
            let items = entry.messages().messages.len();
            let skip = items.saturating_sub(wanted) as u16;
            start = RewindStart { after: Serial::new(1, entry.serial.seq - 1), skip, backlog: true };
            wanted = wanted.saturating_sub(items);
        }
        start
    }
}

/// The node.
pub struct Node {
    pub now: Now,
    pub shards: Vec<Shard>,
    pub place: Place,
    pub hold_log: bool,
    pub hold_store: bool,
    pub hold_feed: Vec<bool>,
    /// Reads of the projection that wait for their answers.
    pub reads: VecDeque<(usize, Effect)>,
    appends: VecDeque<(usize, Append)>,
    keys: HashMap<[u8; 16], Serial>,
}

impl Node {
    pub fn new(options: &Options) -> Self {
        let partitions = usize::from(options.limits.partitions);
        let limits = Arc::new(options.limits.clone());
        let heads = vec![Serial::new(1, 0); partitions];
        let ring = RingLimits { bytes_max: options.ring_bytes, age_ms_max: u64::MAX };
        Self {
            now: options.start,
            shards: (0..options.shards).map(|_| Shard::new(Arc::clone(&limits), heads.clone())).collect(),
            place: Place {
                rings: heads.iter().map(|head| Ring::new(*head, ring)).collect(),
                history: vec![Vec::new(); partitions],
                pruned_seq: 0,
                members: MemberTable::new(limits.members_per_channel_max, limits.members_per_connection_max),
            },
            hold_log: false,
            hold_store: false,
            hold_feed: vec![false; options.shards],
            reads: VecDeque::new(),
            appends: VecDeque::new(),
            keys: HashMap::new(),
        }
    }

    /// Runs until nothing more happens by itself.
    pub fn turn(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let before = events.len();
            let mut busy = false;
            if !self.hold_log {
                busy |= self.commit(usize::MAX);
            }
            if !self.hold_store {
                busy |= self.answer(usize::MAX);
            }
            for shard in 0..self.shards.len() {
                if !self.hold_feed[shard] {
                    busy |= self.feed(shard, usize::MAX);
                }
                busy |= self.step(shard, &mut events);
            }
            if !busy && events.len() == before {
                return events;
            }
        }
    }

    /// One turn of a shard's loop.
    fn step(&mut self, shard: usize, events: &mut Vec<Event>) -> bool {
        let catching_up = self.shards[shard].has_catch_up();
        if catching_up {
            self.shards[shard].catch_up(self.now, &self.place);
        }
        self.shards[shard].give_due(&self.place);
        let (mut writes, mut effects) = (Vec::new(), Vec::new());
        self.shards[shard].take_writes(&mut writes);
        self.shards[shard].take_effects(&mut effects);
        let busy = catching_up || !writes.is_empty() || !effects.is_empty();
        for (index, bytes) in writes {
            events.extend(wire::read(&bytes).into_iter().map(|frame| Event::Frame(shard, index, frame)));
        }
        for effect in effects {
            self.carry_out(shard, effect, events);
        }
        busy
    }

    fn carry_out(&mut self, shard: usize, effect: Effect, events: &mut Vec<Event>) {
        match effect {
            Effect::Append(append) => self.appends.push_back((shard, append)),
            Effect::Presence { ticket, channel, events } => {
                let outcome = self.enter(&channel, events).map_err(|_| ErrorCode::PresenceFull.into());
                if let Some(ticket) = ticket {
                    self.shards[shard].accepted(ticket, outcome);
                }
            }
            Effect::Ephemeral { ticket, message } => {
                self.send_ephemeral(&message);
                self.shards[shard].accepted(ticket, Ok(()));
            }
            Effect::LeaveChannel { ref connection, ref channel } => {
                self.leave(connection, Some(channel));
                events.push(Event::Effect(shard, effect));
            }
            Effect::Departed { ref connection } => {
                self.leave(connection, None);
                events.push(Event::Effect(shard, effect));
            }
            Effect::CheckMembers { connection, rights } => {
                for channel in self.place.members.channels_of(connection.as_str()) {
                    if !rights.operations(channel.name.as_str()).contains(Operation::Presence) {
                        self.leave(&connection, Some(&channel));
                    }
                }
            }
            Effect::ReadBacklog { .. } | Effect::FindRewind { .. } => self.reads.push_back((shard, effect)),
            other => events.push(Event::Effect(shard, other)),
        }
    }

    fn enter(&mut self, channel: &ChannelId, events: Vec<PresenceMessage>) -> Result<(), Full> {
        let changes = self.place.members.apply(channel, events)?;
        self.shards.iter_mut().for_each(|shard| shard.presence_changes(self.now, &changes));
        Ok(())
    }

    /// Members of a connection leave one channel or all.
    pub fn leave(&mut self, connection: &ConnectionId, channel: Option<&ChannelId>) {
        let changes = self.place.members.leave(connection.as_str(), channel, self.now.wall_ms);
        self.shards.iter_mut().for_each(|shard| shard.presence_changes(self.now, &changes));
    }

    /// Members without a connection leave where they may not be.
    pub fn check_absences(&mut self, changed: &Changed) {
        for connection in self.place.members.absent(changed) {
            let changes = self.place.members.leave_forbidden(&connection, changed, self.now.wall_ms);
            self.shards.iter_mut().for_each(|shard| shard.presence_changes(self.now, &changes));
        }
    }

    /// Gives an ephemeral message to every shard.
    pub fn send_ephemeral(&mut self, message: &EphemeralMessage) {
        self.shards.iter_mut().for_each(|shard| shard.ephemeral(self.now, message));
    }

    /// Makes up to `count` appends durable and reports them. Whether there was one.
    pub fn commit(&mut self, count: usize) -> bool {
        let due: Vec<_> = self.appends.drain(..count.min(self.appends.len())).collect();
        for (shard, append) in &due {
            let serial = self.store(append);
            if let Some(ticket) = append.ticket {
                self.shards[*shard].appended(ticket, Ok(serial), append.messages);
            }
        }
        !due.is_empty()
    }

    /// Refuses every append that waits.
    pub fn refuse(&mut self, code: ErrorCode) {
        for (shard, append) in std::mem::take(&mut self.appends) {
            if let Some(ticket) = append.ticket {
                self.shards[shard].appended(ticket, Err(code.into()), 0);
            }
        }
    }

    /// Stores an entry, or finds the one with its key.
    pub fn store(&mut self, append: &Append) -> Serial {
        if let Some(serial) = self.keys.get(&append.key) {
            return *serial;
        }
        let ring = &mut self.place.rings[append.partition.index()];
        let serial = Serial::new(1, ring.head().seq + 1);
        assert!(ring.push(FeedEntry::new(serial, append.time_ms, append.body.clone())));
        let entry = Arc::clone(ring.get(serial.seq).expect("the newest entry"));
        ring.evict(self.now.wall_ms);
        self.place.history[append.partition.index()].push(entry);
        self.keys.insert(append.key, serial);
        serial
    }

    /// Feeds a shard up to `count` entries of each partition. Whether there was one.
    pub fn feed(&mut self, shard: usize, count: usize) -> bool {
        let mut fed = false;
        for (partition, history) in self.place.history.iter().enumerate() {
            let partition = PartitionId(partition as u16);
            let from = self.shards[shard].cursor(partition).seq as usize;
            let until = from.saturating_add(count).min(history.len());
            assert!(self.shards[shard].entries(self.now, partition, &history[from..until]));
            fed |= until > from;
        }
        fed
    }

    /// Answers up to `count` reads of the projection. Whether there was one.
    pub fn answer(&mut self, count: usize) -> bool {
        let due: Vec<_> = self.reads.drain(..count.min(self.reads.len())).collect();
        for (shard, read) in &due {
            self.answer_one(*shard, read);
        }
        !due.is_empty()
    }

    /// Answers one read.
    pub fn answer_one(&mut self, shard: usize, read: &Effect) {
        match read {
            Effect::ReadBacklog { slot, channel, partition, after, until } => {
                let backlog = match *after < self.place.pruned_seq {
                    true => Backlog::Lost,
                    false => {
                        let entries = self.place.range(channel, *partition, *after, *until);
                        Backlog::Entries { entries, until: *until }
                    }
                };
                self.shards[shard].backlog(self.now, &self.place, *slot, &channel.name, backlog);
            }
            Effect::FindRewind { slot, channel, partition, rewind, until } => {
                let start = self.place.rewind_start(self.now, channel, *partition, *rewind, *until);
                self.shards[shard].rewound(&self.place, *slot, &channel.name, start);
            }
            other => panic!("no read: {other:?}"),
        }
    }

    /// Time passes.
    pub fn wait(&mut self, ms: u64) {
        self.now.mono_ms += ms;
        self.now.wall_ms += ms;
        let now = self.now;
        self.shards.iter_mut().for_each(|shard| shard.tick(now));
        for connection in self.place.members.overdue(now.mono_ms) {
            self.leave(&ConnectionId::from_trusted(&connection), None);
        }
    }

    /// A socket is gone. Whether its connection can be resumed now.
    pub fn socket_closed(&mut self, shard: usize, slot: Slot) -> bool {
        let Some(connection) = self.shards[shard].connection(slot) else { return false };
        let (grace_ms, rights) = (connection.grace_ms, Arc::clone(&connection.rights));
        let Some(id) = self.shards[shard].socket_closed(slot) else { return false };
        self.place.members.departed(&id, self.now.mono_ms + grace_ms, rights);
        true
    }
}
