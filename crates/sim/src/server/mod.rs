//! The modelled node: what stands between the shards and the rest. A crash takes it away.

mod past;
mod shared;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use loquat_core::{
    Effect, Limits, Now, Shard, Slot,
    effect::Ticket,
    feed::{FeedEntry, Ring, RingLimits},
    presence::{Change, MemberTable},
};
use loquat_protocol::{ChannelId, ConnectionId, ErrorInfo, PartitionId};

pub use self::shared::Shared;
use crate::log::{Log, Outcome};

/// Partitions of the log.
pub const PARTITIONS: u16 = 3;

/// Something for a shard to do in its next turn.
#[derive(Debug)]
pub enum Mail {
    /// A frame from a client.
    Frame(Slot, Bytes),
    /// The socket is gone.
    Gone(Slot),
    /// The socket has taken everything.
    Drained(Slot),
    /// Another socket carries the connection on.
    Supersede(Slot),
    /// The server wants the connection elsewhere.
    Shed(Slot),
    /// An append is durable.
    Appended(Outcome),
    /// The member table has changed.
    Presence(Vec<Change>),
}

/// Where a connection is, as the node knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// Served there.
    Live(usize, Slot),
    /// Its socket is gone.
    Gone,
    /// Its client has closed it.
    Closed,
}

/// A running node.
#[derive(Debug)]
pub struct Server {
    /// The shards, each with its mail.
    pub shards: Vec<(Shard, VecDeque<Mail>)>,
    /// What they read.
    pub shared: Shared,
    /// Where connections are.
    pub registry: BTreeMap<String, Known>,
    /// Reads of the projection that wait.
    pub reads: Vec<(usize, Effect)>,
}

impl Server {
    /// Starts a node over what the log holds.
    pub fn start(log: &Log, shards: usize, ring_bytes: usize, pruned: Vec<u64>) -> Self {
        let limits = Arc::new(Limits {
            partitions: PARTITIONS,
            catch_up_entries: 4,
            stalled_ms_max: 5_000,
            in_flight_max: 8,
            ..Limits::default()
        });
        let heads = log.heads();
        let ring = RingLimits { bytes_max: ring_bytes, age_ms_max: u64::MAX };
        let shared = Shared {
            rings: heads.iter().map(|head| Ring::new(*head, ring)).collect(),
            members: MemberTable::new(&limits),
            past: log.partitions().map(|partition| log.entries(partition).to_vec()).collect(),
            pruned,
        };
        let shard = |_| (Shard::new(Arc::clone(&limits), heads.clone()), VecDeque::new());
        Self {
            shards: (0..shards).map(shard).collect(),
            shared,
            registry: BTreeMap::new(),
            reads: Vec::new(),
        }
    }

    /// Takes what has become durable into the rings.
    pub fn follow(&mut self, log: &Log, now: Now) {
        for partition in log.partitions() {
            let (ring, past) =
                (&mut self.shared.rings[partition.index()], &mut self.shared.past[partition.index()]);
            for entry in &log.entries(partition)[past.len()..] {
                let pushed = ring.push(FeedEntry::new(entry.serial, entry.time_ms, entry.body.clone()));
                debug_assert!(pushed, "the log is dense");
                past.extend(ring.get(entry.serial.seq).cloned());
                ring.evict(now.wall_ms);
            }
        }
    }

    /// Feeds a shard up to `count` entries of each partition. `false` when it refuses them.
    pub fn feed(&mut self, shard: usize, now: Now, count: usize) -> bool {
        self.shared.past.iter().enumerate().all(|(partition, past)| {
            let partition = PartitionId(partition as u16);
            let (shard, _) = &mut self.shards[shard];
            let from = shard.cursor(partition).seq as usize;
            let until = from.saturating_add(count).min(past.len());
            shard.entries(now, partition, &past[from..until])
        })
    }

    /// Tells every shard of changes.
    pub fn tell(&mut self, changes: &[Change]) {
        if !changes.is_empty() {
            self.shards.iter_mut().for_each(|(_, mail)| mail.push_back(Mail::Presence(changes.to_vec())));
        }
    }

    /// Members of a connection leave one channel or all.
    pub fn leave(&mut self, connection: &str, channel: Option<&ChannelId>, now: Now) {
        let changes = self.shared.members.leave(connection, channel, now.wall_ms);
        self.tell(&changes);
    }

    /// Members whose connection has not come back leave.
    pub fn expire(&mut self, now: Now) {
        let mut overdue = self.shared.members.overdue(now.mono_ms);
        overdue.sort();
        for connection in overdue {
            if matches!(self.registry.get(&*connection), Some(Known::Live(..))) {
                self.shared.members.returned(&ConnectionId::from_trusted(&connection));
            } else {
                self.leave(&connection, None, now);
            }
        }
    }

    /// Reports a presence outcome.
    pub fn accept(&mut self, shard: usize, ticket: Option<Ticket>, outcome: Result<(), ErrorInfo>) {
        if let Some(ticket) = ticket {
            self.shards[shard].0.accepted(ticket, outcome);
        }
    }
}
