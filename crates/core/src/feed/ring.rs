//! The ring that holds a partition's recent entries.

use std::sync::Arc;

use hashbrown::{Equivalent, HashMap};
use loquat_protocol::{AppId, ChannelId, ChannelName, Serial, entry::EntryKind};

use super::FeedEntry;

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
    use loquat_protocol::{
        Message,
        entry::{self, MessagesPayload},
    };

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
