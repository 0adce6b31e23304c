//! The laws of one channel: what history and clients have of it, compared.

use std::collections::{BTreeMap, HashMap, HashSet};

use loquat_protocol::{MessageSerial, Serial};

use crate::client::{Received, Records, Segment};

/// ORD-1 and DUP-1 in history.
pub fn orderly(channel: &str, stored: &[Received]) {
    for pair in stored.windows(2) {
        assert!(
            pair[0].serial < pair[1].serial,
            "ORD-1: on {channel}, {} before {}",
            pair[0].serial,
            pair[1].serial
        );
    }
    let mut seen = HashSet::new();
    for received in stored {
        assert!(
            seen.insert(received.number),
            "DUP-1: number {:x} is twice in history of {channel}",
            received.number
        );
    }
}

/// DUR-1: history has what was acknowledged, under its serial.
pub fn durable(channel: &str, stored: &[Received], acked: Option<&HashMap<u64, MessageSerial>>) {
    let stored: BTreeMap<_, _> = stored.iter().map(|received| (received.number, received.serial)).collect();
    for (number, serial) in acked.into_iter().flatten() {
        let there = stored.get(number);
        assert_eq!(there, Some(serial), "DUR-1: number {number:x} on {channel}, acknowledged at {serial}");
    }
}

/// GAP-1, ORD-1, DUP-1 and TAIL-1 of a subscriber: between an attach and the loss of its continuity, which it was told,
/// it has what history has.
pub fn complete(channel: &str, stored: &[Received], records: &Records) {
    let segments = records.channels.get(channel).map_or(&[][..], |segments| segments);
    assert!(!segments.is_empty(), "a subscriber never attached to {channel}");
    for (index, segment) in segments.iter().enumerate() {
        let expected = &stored[from(stored, segment.after)..];
        let is_last = index + 1 == segments.len();
        same(channel, expected, segment, is_last);
    }
}

fn from(stored: &[Received], after: Serial) -> usize {
    stored.partition_point(|received| received.serial.entry <= after)
}

fn same(channel: &str, expected: &[Received], segment: &Segment, to_the_end: bool) {
    let pairs = expected.iter().zip(&segment.received);
    for (stored, received) in pairs {
        assert_eq!(
            stored, received,
            "GAP-1: on {channel} after {}: history (left) and live differ",
            segment.after
        );
    }
    let (stored, received) = (expected.len(), segment.received.len());
    assert!(received <= stored, "DUP-1: on {channel} {received} came, history has {stored}");
    assert!(!to_the_end || received == stored, "TAIL-1: on {channel} {received} came of {stored}");
}

/// CUT-1: history until the attach and what came live are disjoint and together complete.
pub fn cut(channel: &str, stored: &[Received], at: Serial, before: &[Received], records: &Records) {
    let cut = from(stored, at);
    assert_eq!(before, &stored[..cut], "CUT-1: history of {channel} until {at}");
    for segment in records.channels.get(channel).into_iter().flatten() {
        same(channel, &stored[cut..], segment, false);
    }
}

/// A checker that cannot fail proves nothing: each law broken once.
#[cfg(test)]
mod tests {
    use super::*;

    fn received(seqs: &[u64]) -> Vec<Received> {
        let one = |seq: &u64| Received {
            serial: MessageSerial { entry: Serial::new(1, *seq), index: 0 },
            number: *seq,
        };
        seqs.iter().map(one).collect()
    }

    fn subscriber(after: u64, seqs: &[u64]) -> Records {
        let segment = Segment { after: Serial::new(1, after), received: received(seqs) };
        Records { channels: BTreeMap::from([("c".to_owned(), vec![segment])]), ..Records::default() }
    }

    #[test]
    fn what_is_right_passes() {
        let stored = received(&[1, 2, 4, 5]);
        orderly("c", &stored);
        durable("c", &stored, Some(&HashMap::from([(4, stored[2].serial)])));
        complete("c", &stored, &subscriber(1, &[2, 4, 5]));
        cut("c", &stored, Serial::new(1, 3), &stored[..2], &subscriber(3, &[4, 5]));
    }

    #[test]
    #[should_panic(expected = "ORD-1")]
    fn disorder() {
        orderly("c", &received(&[1, 3, 2]));
    }

    #[test]
    #[should_panic(expected = "DUP-1")]
    fn a_double() {
        let mut stored = received(&[1, 2]);
        stored[1].number = 1;
        orderly("c", &stored);
    }

    #[test]
    #[should_panic(expected = "DUR-1")]
    fn a_loss() {
        let stored = received(&[1, 2]);
        let lost = MessageSerial { entry: Serial::new(1, 3), index: 0 };
        durable("c", &stored, Some(&HashMap::from([(3, lost)])));
    }

    #[test]
    #[should_panic(expected = "GAP-1")]
    fn a_gap() {
        complete("c", &received(&[1, 2, 3]), &subscriber(0, &[1, 3]));
    }

    #[test]
    #[should_panic(expected = "GAP-1")]
    fn a_message_twice_live() {
        complete("c", &received(&[1, 2, 3]), &subscriber(0, &[1, 2, 2, 3]));
    }

    #[test]
    #[should_panic(expected = "TAIL-1")]
    fn the_last_one_missing() {
        complete("c", &received(&[1, 2, 3]), &subscriber(0, &[1, 2]));
    }

    #[test]
    #[should_panic(expected = "CUT-1")]
    fn a_message_in_history_and_live() {
        let stored = received(&[1, 2, 3]);
        cut("c", &stored, Serial::new(1, 1), &stored[..2], &subscriber(1, &[2, 3]));
    }
}
