//! The bytes of a JetStream message: a fixed header around an entry's body.
//!
//! ```text
//! version u8 | time u64 | base u64 | place u16 | unit u64 | body
//! ```
//! Numbers are big-endian. `base` and `place` let any reader compute an entry's time from the entries just before
//! it, wherever it starts to read: see `docs/adr/0005-time-and-duplicates-on-jetstream.md`.

use bytes::{BufMut, Bytes, BytesMut};

/// The layout that this release writes.
const VERSION: u8 = 1;

/// Bytes that an envelope adds to a body.
pub(crate) const OVERHEAD: usize = 1 + 8 + 8 + 2 + 8;

/// What is stored for an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Envelope {
    /// At least the time of every entry up to `base`, and of the `place` entries of the same publish before it.
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// The newest entry that the publisher knew the time of.
    pub base: u64,
    /// How many entries of the same publish stand directly before this one.
    pub place: u16,
    /// Names the append that this entry was sent for, whatever the number of attempts.
    pub unit: u64,
    /// The entry's body.
    pub body: Bytes,
}

impl Envelope {
    /// The bytes to publish.
    pub(crate) fn encode(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(OVERHEAD + self.body.len());
        out.put_u8(VERSION);
        out.put_u64(self.time_ms);
        out.put_u64(self.base);
        out.put_u16(self.place);
        out.put_u64(self.unit);
        out.extend_from_slice(&self.body);
        out.freeze()
    }

    /// What was published; `None` for bytes that this release did not write.
    pub(crate) fn decode(mut bytes: Bytes) -> Option<Self> {
        if bytes.len() < OVERHEAD || bytes[0] != VERSION {
            return None;
        }
        let head = bytes.split_to(OVERHEAD);
        let number = |at: usize| head[at..at + 8].iter().fold(0, |value, &byte| value << 8 | u64::from(byte));
        let place = u16::from_be_bytes([head[17], head[18]]);
        Some(Self { time_ms: number(1), base: number(9), place, unit: number(19), body: bytes })
    }

    /// The sequence numbers, from and until, of the entries whose times `time_ms` may not cover, for an entry that
    /// stands at `seq`: what other publishers stored between `base` and the publish.
    pub(crate) fn uncovered(&self, seq: u64) -> (u64, u64) {
        (self.base + 1, seq.saturating_sub(u64::from(self.place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_round_trips() {
        let body = Bytes::from_static(b"body");
        let envelope = Envelope { time_ms: 1 << 40, base: 7, place: 3, unit: u64::MAX - 1, body };
        assert_eq!(Envelope::decode(envelope.encode()), Some(envelope));
    }

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(Envelope::decode(Bytes::from_static(b"hello")), None);
        assert_eq!(Envelope::decode(Bytes::from(vec![2; OVERHEAD])), None);
        assert!(Envelope::decode(Bytes::from([vec![1], vec![0; OVERHEAD - 1]].concat())).is_some());
    }

    #[test]
    fn only_foreign_entries_are_uncovered() {
        let envelope = Envelope { time_ms: 0, base: 10, place: 2, unit: 0, body: Bytes::new() };
        assert_eq!(envelope.uncovered(13), (11, 11), "stored right behind what was known");
        assert_eq!(envelope.uncovered(16), (11, 14), "three came in between");
    }
}
