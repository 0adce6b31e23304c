//! Where a feed stands: what it gives next, what it lacks. No I/O, so that any order of arrival can be tested.

use loquat_log::Entry;

use super::held::Held;
use crate::fetch::Stored;

/// The position of a feed.
pub(super) struct Position {
    /// The sequence number of the last entry given.
    at: u64,
    /// Its time, once it is known.
    time_ms: Option<u64>,
    /// The highest sequence number that is known to exist.
    target: u64,
    held: Held,
}

/// The entries that come next are gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Gone;

impl Position {
    /// Behind the entry at `at`, with its time if that is known, while entries up to `target` exist.
    pub(super) fn new(at: u64, time_ms: Option<u64>, target: u64) -> Self {
        Self { at, time_ms, target, held: Held::default() }
    }

    /// The sequence number of the entry to give next.
    pub(super) fn next(&self) -> u64 {
        self.at + 1
    }

    /// Whether the next entry exists and is not at hand.
    pub(super) fn has_gap(&self) -> bool {
        self.target > self.at && !self.held.has(self.next())
    }

    /// Whether everything that is known to exist was given.
    pub(super) fn is_complete(&self) -> bool {
        self.target <= self.at
    }

    /// Somebody says that entries up to `head` exist.
    pub(super) fn hear_of(&mut self, head: u64) {
        self.target = self.target.max(head);
    }

    /// Takes a live message; adds what can be given now to `entries`.
    pub(super) fn take_live(&mut self, stored: Stored, entries: &mut Vec<Entry>) {
        self.hear_of(stored.seq());
        // Without the time of the entry before, the next one comes by a fetch, which finds it out.
        if stored.seq() > self.at && self.time_ms.is_some() {
            self.held.put(stored);
            self.take_held(entries);
        }
    }

    /// Takes what a fetch found, in order and without a gap; gives what can be given now.
    ///
    /// # Errors
    /// When it begins behind the entry that is next.
    pub(super) fn take_found(&mut self, mut found: Vec<Entry>) -> Result<Vec<Entry>, Gone> {
        if found.first().is_some_and(|first| first.serial.seq > self.next()) {
            return Err(Gone);
        }
        found.retain(|entry| entry.serial.seq > self.at);
        if let Some(last) = found.last() {
            self.at = last.serial.seq;
            self.time_ms = Some(last.time_ms);
            self.hear_of(self.at);
            self.held.forget_up_to(self.at);
        }
        self.take_held(&mut found);
        Ok(found)
    }

    /// Moves what continues the feed without a gap from the held messages to `entries`.
    fn take_held(&mut self, entries: &mut Vec<Entry>) {
        while let Some(time_ms) = self.time_ms
            && let Some(stored) = self.held.take(self.next())
        {
            let time_ms = time_ms.max(stored.envelope.time_ms);
            self.at = stored.seq();
            self.time_ms = Some(time_ms);
            entries.push(Entry { serial: stored.serial, time_ms, body: stored.envelope.body });
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use loquat_protocol::Serial;
    use proptest::prelude::*;

    use super::*;
    use crate::envelope::Envelope;

    /// What publishers with different clocks have stored.
    fn stored(seq: u64) -> Stored {
        let envelope = Envelope { time_ms: seq * 37 % 101, base: 0, place: 0, unit: 0, body: Bytes::new() };
        Stored { serial: Serial::new(1, seq), envelope }
    }

    fn entries(from: u64, until: u64) -> Vec<Entry> {
        let time_at = |seq| (1..=seq).map(|seq| stored(seq).envelope.time_ms).max().unwrap_or(0);
        let entry = |seq| Entry { serial: Serial::new(1, seq), time_ms: time_at(seq), body: Bytes::new() };
        (from..until).map(entry).collect()
    }

    #[derive(Clone, Debug)]
    enum Arrival {
        Live(u64),
        /// So many entries from where the feed stood a moment ago.
        Found {
            back: u64,
            count: u64,
        },
        Beacon(u64),
    }

    fn arrival() -> impl Strategy<Value = Arrival> {
        prop_oneof![
            6 => (1..80_u64).prop_map(Arrival::Live),
            1 => (0..9_u64, 0..9_u64).prop_map(|(back, count)| Arrival::Found { back, count }),
            1 => (1..80_u64).prop_map(Arrival::Beacon),
        ]
    }

    proptest! {
        /// Whatever is lost, doubled or late, every entry is given once, in order, with its time.
        #[test]
        fn a_feed_is_gapless(
            after in 0..40_u64,
            knows_time in any::<bool>(),
            arrivals in prop::collection::vec(arrival(), 0..200),
        ) {
            let time_ms = if after == 0 { 0 } else { entries(after, after + 1)[0].time_ms };
            let mut position = Position::new(after, knows_time.then_some(time_ms), 40);
            let mut given = Vec::new();
            let mut highest = 40;
            for arrival in arrivals {
                match arrival {
                    Arrival::Live(seq) => {
                        highest = highest.max(seq);
                        position.take_live(stored(seq), &mut given);
                    }
                    Arrival::Found { back, count } => {
                        let from = position.next().saturating_sub(back).max(1);
                        let found = entries(from, (from + count).min(81));
                        highest = highest.max(found.last().map_or(0, |entry| entry.serial.seq));
                        given.extend(position.take_found(found).unwrap());
                    }
                    Arrival::Beacon(head) => {
                        highest = highest.max(head);
                        position.hear_of(head);
                    }
                }
            }
            while position.has_gap() {
                let from = position.next();
                given.extend(position.take_found(entries(from, from + 5)).unwrap());
                highest = highest.max(from + 4);
            }
            prop_assert!(position.is_complete());
            prop_assert!(position.next() > highest.min(81));
            prop_assert_eq!(given, entries(after + 1, position.next()));
        }
    }

    #[test]
    fn what_is_gone_is_told() {
        let mut position = Position::new(3, Some(0), 9);
        assert_eq!(position.take_found(entries(5, 9)), Err(Gone));
        assert_eq!(position.take_found(Vec::new()), Ok(Vec::new()));
        assert!(position.has_gap() && position.next() == 4);
    }
}
