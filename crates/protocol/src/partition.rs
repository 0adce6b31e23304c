//! Which partition of the log a channel lives in.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

use crate::ChannelId;

/// A partition of the log, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PartitionId(pub u16);

impl PartitionId {
    /// The partition of a channel among `partitions`. The hash is part of the data on disk: it never changes.
    pub fn of(channel: &ChannelId, partitions: u16) -> Self {
        let (app, name) = (channel.app.as_str().as_bytes(), channel.name.as_str().as_bytes());
        let hash = xxh3_64(app).rotate_left(17) ^ xxh3_64(name);
        Self((hash % u64::from(partitions.max(1))) as u16)
    }

    /// As an index into a per-partition table.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for PartitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}
