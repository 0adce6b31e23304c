//! Live messages that wait for the ones before them. Bounded: what does not fit is fetched later.

use std::collections::BTreeMap;

use crate::fetch::Stored;

const MESSAGES_MAX: usize = 4096;
const BYTES_MAX: usize = 16 << 20;

/// Messages by sequence number.
#[derive(Default)]
pub(super) struct Held {
    messages: BTreeMap<u64, Stored>,
    bytes: usize,
}

impl Held {
    /// Whether the message is here.
    pub(super) fn has(&self, seq: u64) -> bool {
        self.messages.contains_key(&seq)
    }

    /// Keeps a message if there is room.
    pub(super) fn put(&mut self, stored: Stored) {
        let bytes = stored.envelope.body.len();
        if self.messages.len() < MESSAGES_MAX && self.bytes + bytes <= BYTES_MAX && !self.has(stored.seq()) {
            self.bytes += bytes;
            self.messages.insert(stored.seq(), stored);
        }
    }

    /// Takes a message out.
    pub(super) fn take(&mut self, seq: u64) -> Option<Stored> {
        let stored = self.messages.remove(&seq)?;
        self.bytes -= stored.envelope.body.len();
        Some(stored)
    }

    /// Drops what came by another way.
    pub(super) fn forget_up_to(&mut self, seq: u64) {
        while let Some((&first, _)) = self.messages.first_key_value()
            && first <= seq
        {
            self.take(first);
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use loquat_protocol::Serial;

    use super::*;
    use crate::envelope::Envelope;

    fn stored(seq: u64, bytes: usize) -> Stored {
        let body = Bytes::from(vec![0; bytes]);
        Stored {
            serial: Serial::new(1, seq),
            envelope: Envelope { time_ms: 0, base: 0, place: 0, unit: 0, body },
        }
    }

    #[test]
    fn the_bounds_hold() {
        let mut held = Held::default();
        (0..MESSAGES_MAX as u64 + 5).for_each(|seq| held.put(stored(seq, 1)));
        assert_eq!((held.messages.len(), held.bytes), (MESSAGES_MAX, MESSAGES_MAX));
        held.forget_up_to(MESSAGES_MAX as u64);
        assert_eq!((held.messages.len(), held.bytes), (0, 0));
        held.put(stored(1, BYTES_MAX));
        held.put(stored(2, 1));
        assert!(held.has(1) && !held.has(2));
    }
}
