//! Members: who enters, and who leaves because of what they say, of time, or of a socket that is gone.

use std::sync::Arc;

use loquat_core::{Changed, Slot, presence::Full};
use loquat_protocol::{ChannelId, ConnectionId, PresenceMessage};

use super::Node;

impl Node {
    pub(super) fn enter(&mut self, channel: &ChannelId, events: Vec<PresenceMessage>) -> Result<(), Full> {
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
