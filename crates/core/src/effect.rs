//! What a shard wants done.

use std::sync::Arc;

use bytes::Bytes;
use loquat_protocol::{
    ChannelId, ConnectionId, ErrorInfo, Flags, PartitionId, PresenceMessage, params::Rewind,
};

/// A connection's place in a shard. The generation tells a connection from a later one in the same place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Slot {
    /// Index into the shard's table.
    pub index: u32,
    /// Distinguishes successive users of the index.
    pub generation: u32,
}

/// A publish whose outcome a connection waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ticket {
    /// The connection.
    pub slot: Slot,
    /// The client's number of the frame.
    pub msg_serial: i64,
}

/// An entry for the log, without the log crate's types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Append {
    /// Who waits for it; `None` for an entry that nobody waits for (a leave on close).
    pub ticket: Option<Ticket>,
    /// The partition.
    pub partition: PartitionId,
    /// Identifies the entry within the idempotency window.
    pub key: [u8; 16],
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// The entry's bytes.
    pub body: Bytes,
    /// How many messages it holds: as many serials go into the ACK.
    pub messages: usize,
}

/// One thing to do, in order. Frames to sockets are kept apart (`Shard::take_writes`), being by far the most.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Append an entry; then call `Shard::appended`.
    Append(Append),
    /// Apply presence events of a connection to the node's table and tell every shard; then `Shard::accepted`.
    Presence {
        /// Who waits for it.
        ticket: Option<Ticket>,
        /// The channel.
        channel: ChannelId,
        /// The events, complete with ids, connection and time.
        events: Vec<PresenceMessage>,
    },
    /// The client has closed the connection: its members leave at once, and it cannot be resumed.
    Departed {
        /// The connection.
        connection: ConnectionId,
    },
    /// Members of a connection leave one channel now.
    LeaveChannel {
        /// The connection.
        connection: ConnectionId,
        /// The channel.
        channel: ChannelId,
    },
    /// Members of a connection leave the channels on which its rights do not permit presence (any more).
    CheckMembers {
        /// The connection.
        connection: ConnectionId,
        /// Its rights.
        rights: Arc<dyn crate::Rights>,
    },
    /// Give an ephemeral message to every shard; then `Shard::accepted`.
    Ephemeral {
        /// Who waits for it.
        ticket: Ticket,
        /// The message, complete.
        message: Arc<crate::channel::EphemeralMessage>,
    },
    /// Read the channel's entries with `after < seq <= until` from the projection; then `Shard::backlog`.
    ReadBacklog {
        /// The connection.
        slot: Slot,
        /// The channel.
        channel: ChannelId,
        /// Its partition.
        partition: PartitionId,
        /// Exclusive.
        after: u64,
        /// Inclusive.
        until: u64,
    },
    /// Find where a rewind starts; then `Shard::rewound`.
    FindRewind {
        /// The connection.
        slot: Slot,
        /// The channel.
        channel: ChannelId,
        /// Its partition.
        partition: PartitionId,
        /// How far.
        rewind: Rewind,
        /// Inclusive; the attach point.
        until: u64,
    },
    /// Find out who this token is; then `Shard::authenticated`.
    Authenticate {
        /// The connection.
        slot: Slot,
        /// A token or JWT.
        token: String,
    },
    /// An attachment came, changed or went: for the channel's occupancy.
    Occupancy {
        /// The channel.
        channel: ChannelId,
        /// Modes before; `None` when it was not attached.
        before: Option<Flags>,
        /// Modes now; `None` when it is not attached any more.
        now: Option<Flags>,
    },
    /// Stop reading the socket, or go on.
    Reading {
        /// The connection.
        slot: Slot,
        /// Whether to read.
        on: bool,
    },
    /// Close the socket after what was written has gone out.
    Close {
        /// The connection.
        slot: Slot,
        /// Why, for the logs and counters.
        reason: CloseReason,
    },
}

/// Why a connection's socket was closed by the server.
#[derive(Clone, PartialEq, Debug)]
pub enum CloseReason {
    /// The client asked.
    Client,
    /// The protocol was broken, or rights ended.
    Error(ErrorInfo),
    /// Another socket has resumed the connection.
    Superseded,
    /// The client does not read.
    Slow,
    /// The server goes down or sheds load.
    Drain,
}
