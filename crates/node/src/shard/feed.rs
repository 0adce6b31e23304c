//! From the feed to the core.

use loquat_core::Now;
use loquat_protocol::PartitionId;
use loquat_telemetry::Law;

use super::turn::Loop;

/// Entries of a partition taken in one go, so that writes go out in between.
const FEED_PIECE: usize = 512;
/// Bytes of a partition's entries taken in one go, about: what a turn writes to one connection has a bound.
const FEED_PIECE_BYTES: usize = 512 * 1024;

impl Loop {
    /// Takes what is new in every partition, at most a piece of each. Called before a client's frames are looked at, so
    /// that an attach does not start before what was acknowledged before it; where more than a piece waits it starts at
    /// the piece's end, and its client is given the rest as live: nothing twice, nothing missing.
    pub(super) fn take_feed(&mut self, now: Now) {
        let version = self.node.feed().version();
        if version == self.feed_version {
            return;
        }
        let mut rest = false;
        for partition in self.node.feed().partitions() {
            rest |= self.take_partition(now, partition);
        }
        if !rest {
            self.feed_version = version;
        }
    }

    /// `true` when there is more.
    pub(super) fn take_partition(&mut self, now: Now, partition: PartitionId) -> bool {
        let after = self.core.cursor(partition).seq;
        let head = self.node.feed().head_seq(partition);
        if head <= after {
            return false;
        }
        let mut entries = std::mem::take(&mut self.entries);
        if !self.node.feed().read(partition, after, FEED_PIECE, &mut entries) {
            // The ring is past this shard: read what it missed where everything is.
            match self.node.entries_after(partition, after) {
                Ok(read) => entries.extend(read),
                Err(error) => tracing::error!(%error, "a shard cannot read what it missed; it tries again"),
            }
        }
        let mut bytes = 0;
        let fits = entries.iter().take_while(|entry| {
            let fits = bytes < FEED_PIECE_BYTES;
            bytes += entry.body.len();
            fits
        });
        let piece = fits.count();
        entries.truncate(piece);
        let last = entries.last().map_or(after, |entry| entry.serial.seq);
        self.take_rights_changed(now);
        if !self.core.entries(now, partition, &entries) {
            self.node.metrics().law_broken(Law::Gap1, "a shard was given entries out of sequence");
        }
        entries.clear();
        self.entries = entries;
        last < head
    }
}
