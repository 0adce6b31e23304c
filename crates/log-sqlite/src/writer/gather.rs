//! When a commit waits for company.
//!
//! A commit costs the same with one entry as with ten, and wakes everybody who reads. Where single entries arrive a
//! millisecond or two apart, waiting that long halves the work; where publishers wait for their acknowledgements
//! before they publish again, waiting only slows them down. From here the two look alike, so it is tried: if less
//! arrives while commits wait, they don't, for ever longer.

use std::time::Duration;

/// Commits after which the arrivals are judged.
const WINDOW_COMMITS: u32 = 32;
/// Entries per commit from which commits are large enough by themselves.
const LARGE: f64 = 4.0;
/// Entries that must be expected to arrive during the wait for it to be tried.
const COMPANY_EXPECTED: f64 = 0.7;
/// Entries per commit below which waiting has brought too little.
const COMPANY_FOUND: f64 = 1.4;
/// Arrivals, as a share of those before, below which the wait is taken for their cause.
const SLOWED: f64 = 0.85;
/// Windows without waiting after a try that failed, at first and at most.
const HOLD_WINDOWS: (u32, u32) = (64, 8_192);

/// What is known of the arrivals.
#[derive(Debug)]
pub(crate) struct Gather {
    wait_max: Duration,
    waiting: bool,
    /// Entries per second in the last window that was judged well.
    rate: f64,
    began: Duration,
    commits: u32,
    entries: u64,
    /// Windows left before waiting is tried again.
    hold: u32,
    next_hold: u32,
}

impl Gather {
    /// Commits wait `wait_max` at most; zero: never.
    pub(crate) fn new(wait_max: Duration) -> Self {
        let began = Duration::ZERO;
        let next_hold = HOLD_WINDOWS.0;
        Self { wait_max, waiting: false, rate: 0.0, began, commits: 0, entries: 0, hold: 0, next_hold }
    }

    /// How long the next commit may wait after its first entry has arrived.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.waiting.then_some(self.wait_max)
    }

    /// Notes a commit of so many entries at `now`, a time from any fixed start.
    pub(crate) fn committed(&mut self, now: Duration, entries: usize) {
        self.commits += 1;
        self.entries += entries as u64;
        if self.commits < WINDOW_COMMITS {
            return;
        }
        let seconds = now.saturating_sub(self.began).as_secs_f64().max(1e-6);
        let (rate, per_commit) =
            (self.entries as f64 / seconds, self.entries as f64 / f64::from(self.commits));
        (self.began, self.commits, self.entries) = (now, 0, 0);
        match self.waiting {
            true => self.judge(rate, per_commit),
            false => self.consider(rate, per_commit),
        }
    }

    fn consider(&mut self, rate: f64, per_commit: f64) {
        self.rate = rate;
        self.hold = self.hold.saturating_sub(1);
        let company = rate * self.wait_max.as_secs_f64();
        self.waiting = self.hold == 0 && per_commit < LARGE && company >= COMPANY_EXPECTED;
    }

    fn judge(&mut self, rate: f64, per_commit: f64) {
        if rate < self.rate * SLOWED || per_commit < COMPANY_FOUND {
            self.waiting = false;
            self.hold = self.next_hold;
            self.next_hold = (self.next_hold * 2).min(HOLD_WINDOWS.1);
            return;
        }
        self.rate = rate;
        self.next_hold = HOLD_WINDOWS.0;
        // Beyond this commits gather company while the one before them is written.
        self.waiting = per_commit < LARGE * 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_millis(2);
    const COMMIT_US: f64 = 400.0;

    /// How many publishers of which kind.
    enum Load {
        /// Entries at a fixed rate per second, whatever happens to them.
        Open(f64),
        /// Publishers that each wait for their acknowledgement.
        Closed(usize),
    }

    /// Runs a load for some seconds; entries per second and per commit over the last half.
    fn run(gather: &mut Gather, load: &Load, seconds: f64) -> (f64, f64) {
        let (mut now_us, mut arrivals, mut late) = (0.0, 0.0, (0.0, 0.0));
        while now_us < seconds * 1e6 {
            let wait_us = gather.wait().map_or(0.0, |wait| wait.as_secs_f64() * 1e6);
            let entries = match load {
                Load::Open(rate) => {
                    now_us = f64::max(now_us, (arrivals + 1.0) * 1e6 / rate) + wait_us;
                    let arrived = (now_us * rate / 1e6).floor();
                    let entries = arrived - arrivals;
                    arrivals = arrived;
                    entries
                }
                Load::Closed(publishers) => {
                    now_us += wait_us;
                    *publishers as f64
                }
            };
            now_us += COMMIT_US;
            gather.committed(Duration::from_secs_f64(now_us / 1e6), entries as usize);
            if now_us > seconds * 5e5 {
                late = (late.0 + entries, late.1 + 1.0);
            }
        }
        (late.0 / (seconds / 2.0), late.0 / late.1)
    }

    #[test]
    fn a_steady_stream_of_single_entries_is_gathered() {
        let (rate, per_commit) = run(&mut Gather::new(WAIT), &Load::Open(700.0), 20.0);
        assert!(rate > 690.0 && per_commit >= 1.9, "{rate} a second, {per_commit} a commit");
    }

    #[test]
    fn a_trickle_is_not_kept_waiting() {
        let mut gather = Gather::new(WAIT);
        let (_, per_commit) = run(&mut gather, &Load::Open(50.0), 20.0);
        assert!(per_commit < 1.1 && gather.wait().is_none());
    }

    #[test]
    fn publishers_that_wait_for_their_answers_are_not_slowed_down() {
        for publishers in [1, 2, 3, 16] {
            let free = publishers as f64 * 1e6 / COMMIT_US;
            let (rate, _) = run(&mut Gather::new(WAIT), &Load::Closed(publishers), 60.0);
            assert!(rate > free * 0.97, "{publishers}: {rate} a second of {free}");
        }
    }

    #[test]
    fn large_commits_need_no_company() {
        let mut gather = Gather::new(WAIT);
        run(&mut gather, &Load::Open(40_000.0), 5.0);
        assert!(gather.wait().is_none());
    }

    #[test]
    fn without_a_wait_nothing_waits() {
        let mut gather = Gather::new(Duration::ZERO);
        run(&mut gather, &Load::Open(700.0), 5.0);
        assert!(gather.wait().is_none());
    }
}
