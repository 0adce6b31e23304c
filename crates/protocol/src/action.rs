//! Actions of protocol messages (specification TR2).

/// What a protocol message is about. Numbers outside this list are carried as `None` by the frame and ignored
/// (RSF1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the specification's")]
pub enum Action {
    Heartbeat = 0,
    Ack = 1,
    Nack = 2,
    Connect = 3,
    Connected = 4,
    Disconnect = 5,
    Disconnected = 6,
    Close = 7,
    Closed = 8,
    Error = 9,
    Attach = 10,
    Attached = 11,
    Detach = 12,
    Detached = 13,
    Presence = 14,
    Message = 15,
    Sync = 16,
    Auth = 17,
    Activate = 18,
    Object = 19,
    ObjectSync = 20,
    Annotation = 21,
}

impl Action {
    const ALL: [Self; 22] = [
        Self::Heartbeat,
        Self::Ack,
        Self::Nack,
        Self::Connect,
        Self::Connected,
        Self::Disconnect,
        Self::Disconnected,
        Self::Close,
        Self::Closed,
        Self::Error,
        Self::Attach,
        Self::Attached,
        Self::Detach,
        Self::Detached,
        Self::Presence,
        Self::Message,
        Self::Sync,
        Self::Auth,
        Self::Activate,
        Self::Object,
        Self::ObjectSync,
        Self::Annotation,
    ];

    /// The action with this number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// Whether frames of this action carry a msgSerial and are answered by ACK or NACK (RTN7).
    pub fn is_acknowledged(self) -> bool {
        matches!(self, Self::Message | Self::Presence | Self::Annotation | Self::Object)
    }
}
