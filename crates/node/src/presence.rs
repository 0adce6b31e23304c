//! Presence of the node: one table, its changes told to every shard in the order of their versions.

use std::sync::Arc;

use loquat_core::{
    Changed, Limits, Rights,
    presence::{Change, Full, MemberTable, Members},
};
use loquat_protocol::{ChannelId, ConnectionId, ErrorCode, ErrorInfo, PresenceMessage};
use parking_lot::Mutex;

/// Tells every shard. Must be quick and must not block; called with the table locked, so that order is kept.
pub type OnChanges = Box<dyn Fn(&Arc<[Change]>) + Send + Sync>;

/// The members of the node's connections.
pub struct Presence {
    table: Mutex<MemberTable>,
    on_changes: OnChanges,
}

impl Presence {
    /// An empty table.
    pub fn new(limits: &Limits, on_changes: OnChanges) -> Self {
        Self { table: Mutex::new(MemberTable::new(limits)), on_changes }
    }

    /// Members of before a restart; see [`MemberTable::restore`]. Nobody is told: nobody is connected yet.
    pub fn restore(&self, channel: &ChannelId, event: PresenceMessage, leaves_at_ms: u64) {
        self.table.lock().restore(channel, event, leaves_at_ms);
    }

    /// A channel's members.
    pub fn members(&self, channel: &ChannelId) -> Members {
        self.table.lock().members(channel)
    }

    /// The channels on which a connection has members.
    pub fn channels_of(&self, connection: &ConnectionId) -> Vec<ChannelId> {
        self.table.lock().channels_of(connection.as_str())
    }

    /// How many members a channel has.
    pub fn count(&self, channel: &ChannelId) -> usize {
        self.table.lock().count(channel)
    }

    /// How many members there are in all.
    pub fn total(&self) -> usize {
        self.table.lock().total()
    }

    /// Applies events of one connection and tells the shards; returns what has changed.
    ///
    /// # Errors
    /// 91003 at the bounds.
    pub fn apply(
        &self,
        channel: &ChannelId,
        events: Vec<PresenceMessage>,
    ) -> Result<Arc<[Change]>, ErrorInfo> {
        let mut table = self.table.lock();
        let changes = table.apply(channel, events).map_err(|full| {
            let text = match full {
                Full::Channel => "the channel has as many presence members as it may have",
                Full::Bytes => "what the channel's presence members show is as large as it may be together",
                Full::Connection => "the connection has as many presence members as it may have",
            };
            ErrorInfo::new(ErrorCode::PresenceFull, text)
        })?;
        Ok(self.tell(changes))
    }

    /// Members of a connection leave: of one channel, or of all.
    pub fn leave(&self, connection: &str, channel: Option<&ChannelId>, wall_ms: u64) -> Arc<[Change]> {
        let mut table = self.table.lock();
        let changes = table.leave(connection, channel, wall_ms);
        self.tell(changes)
    }

    fn tell(&self, changes: Vec<Change>) -> Arc<[Change]> {
        let changes: Arc<[Change]> = changes.into();
        if !changes.is_empty() {
            (self.on_changes)(&changes);
        }
        changes
    }

    /// A connection's socket is gone; see [`MemberTable::departed`].
    pub fn departed(&self, connection: &ConnectionId, leaves_at_ms: u64, rights: Arc<dyn Rights>) {
        self.table.lock().departed(connection, leaves_at_ms, rights);
    }

    /// The connections without a socket that a change of rights concerns; see [`MemberTable::absent`].
    pub fn absent(&self, changed: &Changed) -> Vec<Arc<str>> {
        self.table.lock().absent(changed)
    }

    /// Members of such a connection leave where they may no longer be; see [`MemberTable::leave_forbidden`].
    pub fn leave_forbidden(&self, connection: &str, changed: &Changed, wall_ms: u64) -> Arc<[Change]> {
        let mut table = self.table.lock();
        let changes = table.leave_forbidden(connection, changed, wall_ms);
        self.tell(changes)
    }

    /// A connection is back; see [`MemberTable::returned`].
    pub fn returned(&self, connection: &ConnectionId) {
        self.table.lock().returned(connection);
    }

    /// Connections whose members' time to come back is over; see [`MemberTable::overdue`].
    pub fn overdue(&self, mono_ms: u64) -> Vec<Arc<str>> {
        self.table.lock().overdue(mono_ms)
    }
}
