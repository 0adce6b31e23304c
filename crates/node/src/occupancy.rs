//! How many connections are on a channel, and what for (specification CHM).

use hashbrown::HashMap;
use loquat_protocol::{ChannelId, Flags};
use parking_lot::Mutex;

/// The counts of a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Occupancy {
    /// Attached connections.
    pub connections: u32,
    /// Those that may publish.
    pub publishers: u32,
    /// Those that receive messages.
    pub subscribers: u32,
    /// Those that may enter presence.
    pub presence_connections: u32,
    /// Those that receive presence.
    pub presence_subscribers: u32,
}

/// The counts of every channel with attachments.
#[derive(Debug, Default)]
pub struct OccupancyTable(Mutex<HashMap<ChannelId, Occupancy>>);

impl OccupancyTable {
    /// An attachment came, changed or went.
    pub fn change(&self, channel: ChannelId, before: Option<Flags>, now: Option<Flags>) {
        let mut table = self.0.lock();
        let counts = table.entry(channel.clone()).or_default();
        for (modes, sign) in [(now, 1), (before, u32::MAX)] {
            let Some(modes) = modes else { continue };
            let add = |count: &mut u32, mode| {
                if modes.contains(mode) {
                    *count = count.wrapping_add(sign);
                }
            };
            add(&mut counts.connections, Flags::default());
            add(&mut counts.publishers, Flags::PUBLISH);
            add(&mut counts.subscribers, Flags::SUBSCRIBE);
            add(&mut counts.presence_connections, Flags::PRESENCE);
            add(&mut counts.presence_subscribers, Flags::PRESENCE_SUBSCRIBE);
        }
        if counts.connections == 0 {
            table.remove(&channel);
        }
    }

    /// A channel's counts.
    pub fn of(&self, channel: &ChannelId) -> Occupancy {
        self.0.lock().get(channel).copied().unwrap_or_default()
    }

    /// How many channels have attachments, and how many attachments there are.
    pub fn totals(&self) -> (usize, u64) {
        let table = self.0.lock();
        (table.len(), table.values().map(|counts| u64::from(counts.connections)).sum())
    }
}
