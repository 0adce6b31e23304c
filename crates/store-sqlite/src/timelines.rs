//! The timelines that were written lately, with their tails: saves two look-ups per channel and batch.

use std::mem;

use hashbrown::{Equivalent, HashMap};
use loquat_protocol::{ChannelId, PartitionId, entry::EntryKind};

use crate::seqs::Seqs;

/// What a timeline is found by.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct TimelineKey {
    pub(crate) channel: ChannelId,
    pub(crate) kind: EntryKind,
    pub(crate) partition: PartitionId,
}

/// The same, borrowed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TimelineRef<'a> {
    pub(crate) channel: &'a ChannelId,
    pub(crate) kind: EntryKind,
    pub(crate) partition: PartitionId,
}

impl TimelineRef<'_> {
    pub(crate) fn to_key(self) -> TimelineKey {
        TimelineKey { channel: self.channel.clone(), kind: self.kind, partition: self.partition }
    }
}

impl Equivalent<TimelineKey> for TimelineRef<'_> {
    fn equivalent(&self, key: &TimelineKey) -> bool {
        self.kind == key.kind && self.partition == key.partition && *self.channel == key.channel
    }
}

/// A timeline as the file has it.
#[derive(Debug)]
pub(crate) struct Timeline {
    pub(crate) id: i64,
    pub(crate) tail: Seqs,
}

/// A bounded cache. A batch takes the timelines that it writes to and puts them back when it has committed; those of a
/// batch that failed are dropped and read again.
///
/// Two generations: what is put goes to the young one; when that is full, the old one is forgotten and the young one
/// becomes the old one. So what was used lately stays, without a list to keep.
pub(crate) struct Timelines {
    young: HashMap<TimelineKey, Timeline>,
    old: HashMap<TimelineKey, Timeline>,
    generation_max: usize,
}

impl Timelines {
    pub(crate) fn new(timelines_max: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), generation_max: (timelines_max / 2).max(1) }
    }

    pub(crate) fn take(&mut self, key: TimelineRef<'_>) -> Option<(TimelineKey, Timeline)> {
        self.young.remove_entry(&key).or_else(|| self.old.remove_entry(&key))
    }

    pub(crate) fn put(&mut self, key: TimelineKey, timeline: Timeline) {
        if self.young.len() >= self.generation_max {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, timeline);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use loquat_protocol::{AppId, ChannelName};

    fn key(name: usize) -> TimelineKey {
        let channel =
            ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(&name.to_string()));
        TimelineKey { channel, kind: EntryKind::Message, partition: PartitionId(0) }
    }

    fn take(timelines: &mut Timelines, name: usize) -> Option<i64> {
        let TimelineKey { channel, kind, partition } = &key(name);
        let (_, timeline) = timelines.take(TimelineRef { channel, kind: *kind, partition: *partition })?;
        Some(timeline.id)
    }

    #[test]
    fn the_cache_is_bounded_and_keeps_what_is_used() {
        let mut timelines = Timelines::new(8);
        for n in 0..100 {
            timelines.put(key(n), Timeline { id: n as i64, tail: Seqs::default() });
            if n > 0 {
                assert_eq!(take(&mut timelines, 0), Some(0), "at {n}");
                timelines.put(key(0), Timeline { id: 0, tail: Seqs::default() });
            }
            assert!(timelines.young.len() + timelines.old.len() <= 8);
        }
        assert_eq!(take(&mut timelines, 5), None);
        assert_eq!(take(&mut timelines, 99), Some(99));
        assert_eq!(take(&mut timelines, 99), None);
    }
}
