//! When a commit waits a moment for company.
//!
//! A commit costs a sync and two context switches however little it holds, so under a steady trickle from many channels
//! most of a message's cost is its commit. Then, and only then, commits begin at least a few milliseconds apart. Alone,
//! a message never waits: not the first after a pause, not those of one channel whose publisher awaits each answer, and
//! not when there is company enough already.

use std::time::{Duration, Instant};

use loquat_protocol::PartitionId;

/// Commits that are looked back on.
const RECENT: usize = 8;
/// Distinct partitions among them from which on the load counts as many channels'.
const PARTITIONS_MIN: u32 = 3;
/// Batches that are company enough.
pub(crate) const COMPANY: usize = 16;

/// What the last commits were like.
pub(crate) struct Gather {
    apart: Duration,
    began: Option<Instant>,
    /// The partitions of each recent commit, as bits (modulo 64).
    recent: [u64; RECENT],
    next: usize,
}

impl Gather {
    /// Commits under a trickle from many channels begin at least `apart` after each other.
    pub(crate) fn new(apart: Duration) -> Self {
        Self { apart, began: None, recent: [0; RECENT], next: 0 }
    }

    /// Until when a commit of so many batches waits for more; `None` when it begins at once.
    pub(crate) fn until(&self, batches: usize, now: Instant) -> Option<Instant> {
        let partitions = self.recent.iter().fold(0, |all, commit| all | commit).count_ones();
        if batches == 0 || batches >= COMPANY || partitions < PARTITIONS_MIN {
            return None;
        }
        self.began.map(|began| began + self.apart).filter(|until| *until > now)
    }

    /// A commit begins.
    pub(crate) fn begins(&mut self, touched: &[PartitionId], now: Instant) {
        self.began = Some(now);
        self.recent[self.next] = touched.iter().fold(0, |bits, id| bits | 1 << (id.0 % 64));
        self.next = (self.next + 1) % RECENT;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APART: Duration = Duration::from_millis(4);

    fn after(commits: &[&[u16]]) -> (Gather, Instant) {
        let (mut gather, now) = (Gather::new(APART), Instant::now());
        for commit in commits {
            let touched: Vec<_> = commit.iter().copied().map(PartitionId).collect();
            gather.begins(&touched, now);
        }
        (gather, now)
    }

    #[test]
    fn one_channel_never_waits() {
        let (gather, now) = after(&[&[5], &[5], &[5], &[6]]);
        assert_eq!(gather.until(1, now), None);
    }

    #[test]
    fn many_channels_wait_for_company_but_not_longer() {
        let (gather, now) = after(&[&[1], &[2], &[3]]);
        assert_eq!(gather.until(1, now), Some(now + APART));
        assert_eq!(gather.until(1, now + APART), None);
        assert_eq!(gather.until(COMPANY, now), None);
    }

    #[test]
    fn what_was_long_ago_does_not_count() {
        let mut commits: Vec<&[u16]> = vec![&[1], &[2], &[3]];
        commits.extend([&[9_u16][..]; RECENT]);
        let (gather, now) = after(&commits);
        assert_eq!(gather.until(1, now), None);
    }
}
