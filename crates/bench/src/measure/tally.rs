//! What one subscriber has seen of one channel: lost, doubled, out of order.

/// How many missing numbers a subscriber remembers in order to tell "late" from "doubled". Beyond it a late message
/// counts as a duplicate, which makes the report worse, never better.
const MISSING_MAX: usize = 4096;

/// The running account of one subscriber. Sequence numbers of a channel start at 0 and rise by one per publish.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    next: u64,
    missing: Vec<u64>,
    forgotten: u64,
    received: u64,
    duplicated: u64,
    reordered: u64,
    foreign: u64,
}

/// Sums over all subscribers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Distinct messages that arrived.
    pub received: u64,
    /// Published messages that never arrived.
    pub lost: u64,
    /// Arrivals of a message that had arrived before.
    pub duplicated: u64,
    /// Messages that arrived after a later one.
    pub reordered: u64,
    /// Messages of a channel that the subscriber is not attached to.
    pub foreign: u64,
}

impl Tally {
    /// Counts the arrival of number `seq`.
    pub fn arrived(&mut self, seq: u64) {
        if seq == self.next {
            self.next += 1;
            self.received += 1;
        } else if seq > self.next {
            let gap = self.next..seq;
            let room = MISSING_MAX - self.missing.len();
            self.forgotten += (seq - self.next).saturating_sub(room as u64);
            self.missing.extend(gap.take(room));
            self.next = seq + 1;
            self.received += 1;
        } else if let Some(at) = self.missing.iter().position(|&missing| missing == seq) {
            self.missing.swap_remove(at);
            self.reordered += 1;
            self.received += 1;
        } else {
            self.duplicated += 1;
        }
    }

    /// Counts a message of a channel that this subscriber did not ask for.
    pub fn strayed(&mut self) {
        self.foreign += 1;
    }

    /// The number that should arrive next.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Adds this account to `totals`, given that `published` messages (numbers below it) were sent to the channel.
    pub fn close(&self, published: u64, totals: &mut Totals) {
        totals.received += self.received;
        totals.lost += self.missing.len() as u64 + self.forgotten + published.saturating_sub(self.next);
        totals.duplicated += self.duplicated;
        totals.reordered += self.reordered;
        totals.foreign += self.foreign;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arrivals: &[u64], published: u64) -> (u64, u64, u64, u64) {
        let mut tally = Tally::default();
        arrivals.iter().for_each(|&seq| tally.arrived(seq));
        let mut totals = Totals::default();
        tally.close(published, &mut totals);
        (totals.received, totals.lost, totals.duplicated, totals.reordered)
    }

    #[test]
    fn counts_what_happened() {
        assert_eq!(check(&[0, 1, 2], 3), (3, 0, 0, 0));
        assert_eq!(check(&[0, 1], 3), (2, 1, 0, 0), "the tail is missing");
        assert_eq!(check(&[0, 2, 3], 4), (3, 1, 0, 0), "a hole");
        assert_eq!(check(&[0, 2, 1, 3], 4), (4, 0, 0, 1), "late is not lost");
        assert_eq!(check(&[0, 1, 1, 2], 3), (3, 0, 1, 0), "doubled");
        assert_eq!(check(&[0, 2, 1, 1], 3), (3, 0, 1, 1), "late, then doubled");
        assert_eq!(check(&[], 2), (0, 2, 0, 0), "nothing came");
    }

    #[test]
    fn a_gap_beyond_memory_still_counts_as_lost() {
        let far = MISSING_MAX as u64 * 2;
        assert_eq!(check(&[far], far + 1), (1, far, 0, 0));
    }
}
