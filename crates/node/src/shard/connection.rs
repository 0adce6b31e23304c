//! A connection as its shard's I/O knows it.

use std::any::Any;

use loquat_core::{Slot, connection::Opening};
use loquat_protocol::ErrorInfo;
use loquat_ws::{Decoder, Role};

use super::{Socket, outbox::Outbox};

/// A connection that is handed over to a shard, after its upgrade.
pub struct Adopted {
    /// The socket.
    pub socket: Socket,
    /// Bytes that were read beyond the upgrade request.
    pub read_ahead: bytes::Bytes,
    /// What it is for.
    pub purpose: Purpose,
    /// Dropped with the connection: its share of a budget.
    pub guard: Guard,
}

/// Whatever must live as long as a connection.
pub type Guard = Box<dyn Any + Send>;

/// What a connection is for.
pub enum Purpose {
    /// The realtime protocol.
    Realtime(Opening),
    /// To be told an error.
    Refuse(Refused),
    /// To be sent back what it sends: for tests of the WebSocket stack.
    Echo,
}

/// A connection that is told an error and closed: clients in browsers see nothing of a refused upgrade, so it is
/// accepted first.
pub struct Refused {
    /// What it is told.
    pub error: ErrorInfo,
    /// In which format.
    pub format: loquat_protocol::Format,
}

/// A connection's I/O.
pub struct Io {
    /// The socket.
    pub socket: Socket,
    /// What turns bytes into messages; small, and without memory of its own between messages.
    pub decoder: Decoder,
    /// What waits to be written.
    pub outbox: Outbox,
    /// Its place in the core; `None` for one that is only told why it was refused.
    pub slot: Option<Slot>,
    /// The socket has taken no more; told to the core.
    pub blocked: bool,
    /// What waited when it began to take no more.
    pub blocked_bytes: usize,
    /// Whether its socket is read.
    pub reading: bool,
    /// There may be something to read that no event will tell of.
    pub unread: bool,
    /// Listed for a flush in this turn.
    pub dirty: bool,
    /// It parts in this turn's flush.
    pub closing: bool,
    /// Dropped with the connection.
    _guard: Guard,
}

impl Io {
    /// The I/O of a connection that was just adopted.
    pub fn new(socket: Socket, frame_bytes_max: usize, slot: Option<Slot>, guard: Guard) -> Self {
        Self {
            socket,
            decoder: Decoder::new(Role::Server, frame_bytes_max.min(u32::MAX as usize) as u32),
            outbox: Outbox::default(),
            slot,
            blocked: false,
            blocked_bytes: 0,
            reading: true,
            unread: false,
            dirty: false,
            closing: false,
            _guard: guard,
        }
    }
}
