//! Where a connection's attachments are kept.

/// The channels that a connection is attached to, by their index in the shard, each with the attachment's place among
/// the channel's. A sorted list: of one channel it takes no more than a pair, and one of thousands is found in a few steps.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<(u32, u32)>);

impl Places {
    /// The place in a channel, if it is attached there.
    pub fn get(&self, channel: u32) -> Option<u32> {
        self.find(channel).ok().map(|at| self.0[at].1)
    }

    /// Attached to a channel at a place, or moved there.
    pub fn put(&mut self, channel: u32, place: u32) {
        match self.find(channel) {
            Ok(at) => self.0[at].1 = place,
            Err(at) => self.0.insert(at, (channel, place)),
        }
    }

    /// No longer attached to a channel.
    pub fn remove(&mut self, channel: u32) {
        if let Ok(at) = self.find(channel) {
            self.0.remove(at);
        }
    }

    /// How many channels.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is attached to none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Channels and places as they are now; they may change meanwhile.
    pub fn all(&self) -> Vec<(u32, u32)> {
        self.0.clone()
    }

    /// All of them, for good.
    pub fn take(&mut self) -> Vec<(u32, u32)> {
        std::mem::take(&mut self.0)
    }

    fn find(&self, channel: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&channel, |(channel, _)| *channel)
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn each_channel_has_its_newest_place() {
        let mut places = Places::default();
        for channel in [7, 3, 9, 3, 1] {
            places.put(channel, channel * 10);
        }
        places.put(9, 4);
        assert_eq!(places.all(), [(1, 10), (3, 30), (7, 70), (9, 4)]);
        places.remove(3);
        places.remove(8);
        assert_eq!((places.get(3), places.get(7), places.len()), (None, Some(70), 3));
        assert_eq!(places.take().len(), 3);
        assert!(places.is_empty());
    }
}
