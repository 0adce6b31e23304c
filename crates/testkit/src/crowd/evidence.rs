//! What the whole crowd saw.

use loquat_protocol::Serial;

use super::{Late, Posted};
use crate::client::{Outcome, Records};

/// What the whole crowd saw.
#[derive(Default)]
pub struct Evidence {
    /// Publishers.
    pub publishers: Vec<Records>,
    /// Those who published over REST.
    pub posters: Vec<Vec<Posted>>,
    /// Subscribers.
    pub subscribers: Vec<Records>,
    /// Latecomers.
    pub latecomers: Vec<Late>,
}

impl Evidence {
    /// The newest acknowledged entry of a channel.
    pub fn last_acked(&self, channel: &str) -> Option<Serial> {
        let published = self.publishers.iter().flat_map(|records| &records.published);
        let acked = published.filter(|published| published.channel == channel);
        let acked = acked.filter_map(|published| match &published.outcome {
            Some(Outcome::Acked(serials)) => serials.last().copied(),
            _ => None,
        });
        let posted = self.posters.iter().flatten().filter(|posted| posted.channel == channel);
        acked.chain(posted.map(|posted| posted.serial)).map(|serial| serial.entry).max()
    }
}
