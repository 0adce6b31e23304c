//! Classes of channels that are kept for different times.

use loquat_protocol::{ChannelName, room::room_of};

/// For how long a channel's rows are kept is decided by its class, and that by its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Retention {
    /// All channels but those of rooms.
    Realtime,
    /// Channels of chat rooms.
    Rooms,
}

impl Retention {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Realtime, Self::Rooms];

    /// The class of a channel.
    pub fn of(channel: &ChannelName) -> Self {
        if room_of(channel.as_str()).is_some() { Self::Rooms } else { Self::Realtime }
    }
}
