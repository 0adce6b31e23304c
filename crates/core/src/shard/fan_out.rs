//! From the feed to the connections that are attached.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use loquat_protocol::{Format, PartitionId, entry::EntryKind};

use super::Shard;
use crate::{
    Now,
    channel::{EphemeralMessage, Position},
    feed::FeedEntry,
};

impl Shard {
    /// The next entries of a partition. Returns `false`, and changes nothing, when they do not continue where the shard
    /// stands (ORD-1, GAP-1).
    pub fn entries(&mut self, now: Now, partition: PartitionId, entries: &[Arc<FeedEntry>]) -> bool {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return true };
        let cursor = self.cursor(partition);
        if first.serial.seq != cursor.seq + 1 || first.serial < cursor {
            return false;
        }
        let mut turn = std::mem::take(&mut self.turn);
        for entry in entries.iter().filter(|entry| entry.kind == EntryKind::Message) {
            if let Some(channel) = self.channel_by_id.get(&entry.channel) {
                turn.push((*channel, Arc::clone(entry)));
            }
        }
        // Stable, so that entries of a channel stay in their order.
        turn.sort_by_key(|(channel, _)| *channel);
        for entries in turn.chunk_by(|(one, _), (next, _)| one == next) {
            self.fan_out(now, entries);
        }
        turn.clear();
        self.turn = turn;
        self.cursors[partition.index()] = last.serial;
        self.catching_up.append(&mut self.ahead);
        true
    }

    /// Entries of one channel, in order.
    fn fan_out(&mut self, now: Now, entries: &[(u32, Arc<FeedEntry>)]) {
        let Some(channel) = entries.first().and_then(|(channel, _)| self.channels.get(*channel as usize))
        else {
            return;
        };
        let joined = Format::ALL.map(|format| {
            if channel.formats[format as usize] == 0 { Bytes::new() } else { join(entries, format) }
        });
        for attachment in &channel.attachments {
            if attachment.position != Position::Live || !attachment.subscribes() {
                continue;
            }
            let connection = &mut self.connections[attachment.connection as usize];
            let own = |entry: &FeedEntry| entry.origin() == Some(connection.id.as_str());
            if attachment.echo || !entries.iter().any(|(_, entry)| own(entry)) {
                self.writes.push((attachment.connection, joined[attachment.format as usize].clone()));
                connection.written_ms = now.mono_ms;
                self.tally.delivered += entries.len() as u64;
                continue;
            }
            let mut written = false;
            for (_, entry) in entries.iter().filter(|(_, entry)| !own(entry)) {
                self.writes.push((attachment.connection, entry.frame(attachment.format).clone()));
                self.tally.delivered += 1;
                written = true;
            }
            if written {
                connection.written_ms = now.mono_ms;
            }
        }
    }

    /// An ephemeral message for whoever is attached and reading.
    pub fn ephemeral(&mut self, now: Now, message: &EphemeralMessage) {
        let Some(channel) = self.channel_by_id.get(message.channel()) else { return };
        let needed = message.is_needed();
        for attachment in &mut self.channels[*channel as usize].attachments {
            let connection = &mut self.connections[attachment.connection as usize];
            attachment.missed |= needed && connection.blocked_since_ms.is_some();
            let own = !attachment.echo && message.origin() == Some(connection.id.as_str());
            let takes =
                attachment.subscribes() && connection.blocked_since_ms.is_none() && !connection.closing;
            if takes && !own && attachment.position != Position::Rewinding {
                connection.written_ms = now.mono_ms;
                self.writes.push((attachment.connection, message.frame(attachment.format).clone()));
            }
        }
    }
}

/// The frames of one turn as one piece, so that a subscriber costs one write.
fn join(entries: &[(u32, Arc<FeedEntry>)], format: Format) -> Bytes {
    if let [(_, entry)] = entries {
        return entry.frame(format).clone();
    }
    let length = entries.iter().map(|(_, entry)| entry.frame(format).len()).sum();
    let mut joined = BytesMut::with_capacity(length);
    entries.iter().for_each(|(_, entry)| joined.extend_from_slice(entry.frame(format)));
    joined.freeze()
}
