//! Packed lists of rising sequence numbers: the index of a channel.
//!
//! A timeline's numbers lie in *runs* of [`RUN_LENGTH`] and a *tail* of fewer. A batch rewrites the tail of each
//! channel that it touches, once; when a tail is full it becomes a run, which is never written again. Measured beside
//! a plain index (200,000 rows of 300 bytes in batches of 1,000 over 5,000 channels, the second half): 3.8 µs of CPU
//! per row against 10.3 with an index and 33 with the rows clustered by channel.
//!
//! Each number is written as the distance from the one before it (the first from 0), 7 bits a byte, lowest first,
//! the top bit set on all but the last byte.

use crate::error::{Failure, Outcome};

/// How many numbers a run holds.
pub(crate) const RUN_LENGTH: usize = 64;

const UNREADABLE: Failure = Failure::Damaged("a list of sequence numbers is unreadable");

/// A packed list of rising numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seqs {
    bytes: Vec<u8>,
    first: u64,
    last: u64,
    count: usize,
}

impl Seqs {
    /// Reads a list back.
    pub(crate) fn decode(bytes: &[u8]) -> Outcome<Self> {
        let numbers = unpack(bytes)?;
        let (first, last) = (numbers.first().copied().unwrap_or(0), numbers.last().copied().unwrap_or(0));
        Ok(Self { bytes: bytes.to_vec(), first, last, count: numbers.len() })
    }

    /// Adds a number above all others.
    pub(crate) fn push(&mut self, seq: u64) {
        debug_assert!(seq > self.last, "{seq} after {}", self.last);
        let mut distance = seq - self.last;
        while distance >= 0x80 {
            self.bytes.push(distance as u8 | 0x80);
            distance >>= 7;
        }
        self.bytes.push(distance as u8);
        self.count += 1;
        self.last = seq;
        if self.count == 1 {
            self.first = seq;
        }
    }

    /// Whether the list is a run.
    pub(crate) fn is_full(&self) -> bool {
        self.count >= RUN_LENGTH
    }

    /// Forgets all numbers and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        (self.first, self.last, self.count) = (0, 0, 0);
    }

    /// The packed form.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The smallest number, 0 when there is none.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The largest number, 0 when there is none.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }
}

/// The numbers of a packed list.
pub(crate) fn unpack(bytes: &[u8]) -> Outcome<Vec<u64>> {
    let mut numbers = Vec::with_capacity(RUN_LENGTH);
    let (mut last, mut distance, mut shift) = (0_u64, 0_u64, 0);
    for byte in bytes {
        if shift > 42 {
            return Err(UNREADABLE);
        }
        distance |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            if distance == 0 {
                return Err(UNREADABLE);
            }
            last += distance;
            numbers.push(last);
            (distance, shift) = (0, 0);
        }
    }
    if shift == 0 { Ok(numbers) } else { Err(UNREADABLE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SEQ_MAX;

    #[test]
    fn what_is_packed_is_unpacked() {
        let numbers = [1, 2, 129, 130, 20_000, 5_000_000, SEQ_MAX - 1, SEQ_MAX];
        let mut seqs = Seqs::default();
        numbers.iter().for_each(|n| seqs.push(*n));
        assert_eq!(unpack(seqs.bytes()).unwrap(), numbers);
        assert_eq!(Seqs::decode(seqs.bytes()).unwrap(), seqs);
        assert_eq!((seqs.first(), seqs.last()), (1, SEQ_MAX));
    }

    #[test]
    fn an_empty_list_is_a_list() {
        assert_eq!(unpack(&[]).unwrap(), [0_u64; 0]);
        assert_eq!(Seqs::decode(&[]).unwrap(), Seqs::default());
    }

    #[test]
    fn other_bytes_are_refused() {
        for bytes in [
            &[0][..],
            &[1, 0],
            &[0x80],
            &[1, 0xff],
            &[0xff; 9],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        ] {
            assert!(unpack(bytes).is_err(), "{bytes:?}");
        }
    }
}
