//! Entries of the feed, and the ring that holds a partition's recent ones.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use hashbrown::{Equivalent, HashMap};
use loquat_protocol::{
    AppId, ChannelId, ChannelName, Format, Serial,
    entry::{self, EntryKind, MessagesPayload},
};

use crate::render;

/// A durable entry as the node holds it: its place, its channel, its bytes, and its frames once somebody needs
/// them. Shared by every shard, so a frame is encoded once per format and node.
#[derive(Debug)]
pub struct FeedEntry {
    /// Its place.
    pub serial: Serial,
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// Messages or presence.
    pub kind: EntryKind,
    /// Its channel; empty names for an entry that cannot be read (its key was shredded).
    pub channel: ChannelId,
    /// The entry's bytes, header included.
    pub body: Bytes,
    /// Where the payload starts in `body`.
    payload_at: usize,
    /// The previous message entry of the same channel that the ring held when this one came; 0 for none.
    previous_seq: u64,
    frames: [OnceLock<Bytes>; 2],
    origin: OnceLock<Option<Box<str>>>,
}

impl FeedEntry {
    /// Reads an entry's header. One that cannot be read gets no channel, so that nobody receives it.
    pub fn new(serial: Serial, time_ms: u64, body: Bytes) -> Self {
        let (kind, channel, payload_at) = match entry::decode_header(&body) {
            Ok(header) => (header.kind, header.channel_id(), body.len() - header.payload.len()),
            Err(_) => {
                let nowhere = ChannelId::new(AppId::from_trusted(""), ChannelName::from_trusted(""));
                (EntryKind::Message, nowhere, body.len())
            }
        };
        Self {
            serial,
            time_ms,
            kind,
            channel,
            body,
            payload_at,
            previous_seq: 0,
            frames: [OnceLock::new(), OnceLock::new()],
            origin: OnceLock::new(),
        }
    }

    /// The payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.body[self.payload_at..]
    }

    /// The messages; empty for an entry that holds none.
    pub fn messages(&self) -> MessagesPayload {
        match self.kind {
            EntryKind::Message => entry::decode_messages(self.payload()).unwrap_or_default(),
            EntryKind::Presence => MessagesPayload::default(),
        }
    }

    /// The WebSocket frame that carries the entry to a subscriber, the same for every subscriber of a format.
    pub fn frame(&self, format: Format) -> &Bytes {
        self.frames[format as usize].get_or_init(|| {
            let payload = self.messages();
            let frame = render::message_frame(self, &payload, 0, format);
            self.origin.get_or_init(|| payload.connection_id.map(String::into_boxed_str));
            frame
        })
    }

    /// The connection that published the entry.
    pub fn origin(&self) -> Option<&str> {
        self.origin.get_or_init(|| self.messages().connection_id.map(String::into_boxed_str)).as_deref()
    }

    /// What the entry may cost in memory, frames included.
    fn cost_bytes(&self) -> usize {
        256 + self.body.len() * 3
    }
}

/// Bounds of a ring.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RingLimits {
    /// Most bytes held, estimated with the frames that may be cached.
    pub bytes_max: usize,
    /// Longest time that an entry is held after it was published.
    pub age_ms_max: u64,
}

/// The recent entries of one partition, dense and in order.
///
/// Entries of a channel are linked backwards, so reading what a channel missed costs as much as it missed, however
/// busy its partition is.
#[derive(Debug)]
pub struct Ring {
    entries: std::collections::VecDeque<Arc<FeedEntry>>,
    head: Serial,
    bytes: usize,
    last_of_channel: HashMap<ChannelId, u64>,
    limits: RingLimits,
}

/// A channel by its parts, to be looked up without making one.
#[derive(Hash)]
pub(crate) struct ChannelRef<'a> {
    pub app: &'a AppId,
    pub name: &'a ChannelName,
}

impl Equivalent<ChannelId> for ChannelRef<'_> {
    fn equivalent(&self, key: &ChannelId) -> bool {
        *self.app == key.app && *self.name == key.name
    }
}

impl Ring {
    /// An empty ring whose next entry is the one after `head`.
    pub fn new(head: Serial, limits: RingLimits) -> Self {
        Self { entries: Default::default(), head, bytes: 0, last_of_channel: HashMap::new(), limits }
    }

    /// The newest entry's place.
    pub fn head(&self) -> Serial {
        self.head
    }

    /// Every entry after this sequence number is held.
    pub fn floor_seq(&self) -> u64 {
        self.head.seq - self.entries.len() as u64
    }

    /// How many entries and how many bytes are held.
    pub fn size(&self) -> (usize, usize) {
        (self.entries.len(), self.bytes)
    }

    /// Appends the next entry. Returns `false`, and takes nothing, when it is not the next one (GAP-1).
    pub fn push(&mut self, mut entry: FeedEntry) -> bool {
        if entry.serial.seq != self.head.seq + 1 || entry.serial < self.head {
            return false;
        }
        if entry.kind == EntryKind::Message {
            let key = ChannelRef { app: &entry.channel.app, name: &entry.channel.name };
            match self.last_of_channel.get_mut(&key) {
                Some(last) => entry.previous_seq = std::mem::replace(last, entry.serial.seq),
                None => {
                    self.last_of_channel.insert(entry.channel.clone(), entry.serial.seq);
                }
            }
        }
        self.head = entry.serial;
        self.bytes += entry.cost_bytes();
        self.entries.push_back(Arc::new(entry));
        true
    }

    /// Lets go what is beyond the limits. `now_ms`: milliseconds since 1970.
    pub fn evict(&mut self, now_ms: u64) {
        while let Some(oldest) = self.entries.front() {
            let expired = oldest.time_ms.saturating_add(self.limits.age_ms_max) < now_ms;
            if !expired && self.bytes <= self.limits.bytes_max {
                break;
            }
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.cost_bytes();
            let key = ChannelRef { app: &oldest.channel.app, name: &oldest.channel.name };
            if self.last_of_channel.get(&key) == Some(&oldest.serial.seq) {
                self.last_of_channel.remove(&key);
            }
        }
    }

    /// The entry with this sequence number, if it is held.
    pub fn get(&self, seq: u64) -> Option<&Arc<FeedEntry>> {
        let floor = self.floor_seq();
        if seq <= floor { None } else { self.entries.get((seq - floor - 1) as usize) }
    }

    /// Appends the entries after `after`, at most `limit`, to `out`. `false` when some of them are no longer held.
    pub fn read(&self, after: u64, limit: usize, out: &mut Vec<Arc<FeedEntry>>) -> bool {
        let floor = self.floor_seq();
        if after < floor {
            return false;
        }
        out.extend(self.entries.iter().skip((after - floor) as usize).take(limit).cloned());
        true
    }

    /// The message entries of a channel with `after < seq <= until`, oldest first, or `None` when some of that
    /// range is no longer held. `newest`: keep only so many, the newest ones.
    pub fn channel(
        &self,
        channel: &ChannelId,
        after: u64,
        until: u64,
        newest: usize,
    ) -> Option<Vec<Arc<FeedEntry>>> {
        if after < self.floor_seq() {
            return None;
        }
        let mut found = Vec::new();
        let mut at = self.last_of_channel.get(channel).copied().unwrap_or(0);
        while at > after && found.len() < newest {
            let Some(entry) = self.get(at) else { break };
            if at <= until {
                found.push(Arc::clone(entry));
            }
            at = entry.previous_seq;
        }
        found.reverse();
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use loquat_protocol::Message;

    use super::*;

    fn channel(name: &str) -> ChannelId {
        ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(name))
    }

    fn entry(seq: u64, name: &str) -> FeedEntry {
        let payload = MessagesPayload { messages: vec![Message::default()], ..Default::default() };
        FeedEntry::new(Serial::new(1, seq), seq, entry::encode_messages(&channel(name), &payload))
    }

    fn ring(bytes_max: usize) -> Ring {
        Ring::new(Serial::new(1, 0), RingLimits { bytes_max, age_ms_max: u64::MAX / 2 })
    }

    fn seqs(entries: Option<Vec<Arc<FeedEntry>>>) -> Option<Vec<u64>> {
        entries.map(|entries| entries.iter().map(|entry| entry.serial.seq).collect())
    }

    #[test]
    fn a_channel_reads_what_it_missed_and_no_more() {
        let mut ring = ring(usize::MAX);
        for seq in 1..=9 {
            assert!(ring.push(entry(seq, if seq % 3 == 0 { "a" } else { "b" })));
        }
        assert_eq!(seqs(ring.channel(&channel("a"), 0, 9, 99)), Some(vec![3, 6, 9]));
        assert_eq!(seqs(ring.channel(&channel("a"), 3, 8, 99)), Some(vec![6]));
        assert_eq!(seqs(ring.channel(&channel("a"), 0, 9, 2)), Some(vec![6, 9]));
        assert_eq!(seqs(ring.channel(&channel("c"), 0, 9, 99)), Some(vec![]));
    }

    #[test]
    fn a_gap_is_refused() {
        let mut ring = ring(usize::MAX);
        assert!(ring.push(entry(1, "a")));
        assert!(!ring.push(entry(3, "a")));
        assert!(!ring.push(entry(1, "a")));
        assert_eq!(ring.head(), Serial::new(1, 1));
    }

    #[test]
    fn beyond_its_limits_it_forgets_the_oldest_and_says_so() {
        let mut ring = ring(entry(1, "a").cost_bytes() * 2);
        for seq in 1..=5 {
            ring.push(entry(seq, "a"));
            ring.evict(5);
        }
        assert_eq!(ring.floor_seq(), 3);
        assert_eq!(seqs(ring.channel(&channel("a"), 3, 5, 99)), Some(vec![4, 5]));
        assert_eq!(seqs(ring.channel(&channel("a"), 2, 5, 99)), None);
    }
}
