//! Token buckets in a bounded map.

use std::{collections::HashMap, hash::Hash};

use super::Allowance;

/// Most buckets of a kind that are remembered. At the bound those that used least of their allowance are forgotten.
const BUCKETS_MAX: usize = 32_768;

/// Token buckets, each held as the time at which it is full again.
pub(super) struct Buckets<K> {
    full_at_ms: HashMap<K, u64>,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self { full_at_ms: HashMap::new() }
    }
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    /// Takes one; or says in how many milliseconds there is one.
    pub fn take(&mut self, key: K, allowance: Allowance, now_ms: u64) -> Result<(), u64> {
        self.take_many(key, 1, allowance, now_ms)
    }

    /// Takes so many at once, all or none; or says in how many milliseconds there are enough. More than the burst there
    /// never are.
    pub fn take_many(&mut self, key: K, count: u32, allowance: Allowance, now_ms: u64) -> Result<(), u64> {
        let span_ms = allowance.refill_ms.saturating_mul(u64::from(allowance.burst));
        if self.full_at_ms.len() >= BUCKETS_MAX && !self.full_at_ms.contains_key(&key) {
            self.forget(now_ms);
        }
        let full_at_ms = self.full_at_ms.entry(key).or_insert(now_ms);
        // Emptier than empty it can't be: then the clock was set back, and nothing is known.
        let is_known = *full_at_ms <= now_ms.saturating_add(span_ms);
        let used_until_ms = if is_known { (*full_at_ms).max(now_ms) } else { now_ms };
        let taken_ms = used_until_ms.saturating_add(allowance.refill_ms.saturating_mul(u64::from(count)));
        let over_ms = taken_ms.saturating_sub(now_ms.saturating_add(span_ms));
        if over_ms > 0 {
            *full_at_ms = used_until_ms;
            return Err(over_ms);
        }
        *full_at_ms = taken_ms;
        Ok(())
    }

    pub fn give_back(&mut self, key: &K, allowance: Allowance) {
        if let Some(full_at_ms) = self.full_at_ms.get_mut(key) {
            *full_at_ms = full_at_ms.saturating_sub(allowance.refill_ms);
        }
    }

    /// Forgets the full ones; if that is less than a quarter, the quarter that is nearest to full.
    fn forget(&mut self, now_ms: u64) {
        let mut times: Vec<u64> = self.full_at_ms.values().copied().collect();
        let (_, quarter, _) = times.select_nth_unstable(BUCKETS_MAX / 4);
        let until_ms = (*quarter).max(now_ms);
        self.full_at_ms.retain(|_, full_at_ms| *full_at_ms > until_ms);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW_MS: u64 = 1_800_000_000_000;
    const THREE: Allowance = Allowance { burst: 3, refill_ms: 1_000 };

    #[test]
    fn a_burst_then_one_at_a_time() {
        let mut buckets = Buckets::default();
        for _ in 0..3 {
            assert_eq!(buckets.take("a", THREE, NOW_MS), Ok(()));
        }
        assert_eq!(buckets.take("a", THREE, NOW_MS), Err(1_000));
        assert_eq!(buckets.take("a", THREE, NOW_MS + 400), Err(600));
        assert_eq!(buckets.take("b", THREE, NOW_MS), Ok(()));
        assert_eq!(buckets.take("a", THREE, NOW_MS + 1_000), Ok(()));
        assert_eq!(buckets.take("a", THREE, NOW_MS + 1_000), Err(1_000));
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_the_burst_and_what_came_back(waits in proptest::collection::vec(0..3_000_u64, 1..60)) {
            let (mut buckets, mut now_ms) = (Buckets::default(), NOW_MS);
            let mut taken_ms: Vec<u64> = Vec::new();
            for wait_ms in waits {
                now_ms += wait_ms;
                match buckets.take("a", THREE, now_ms) {
                    Ok(()) => taken_ms.push(now_ms),
                    Err(over_ms) => {
                        prop_assert!((1..=THREE.refill_ms).contains(&over_ms));
                        now_ms += over_ms;
                        prop_assert_eq!(buckets.take("a", THREE, now_ms), Ok(()), "what it said is true");
                        taken_ms.push(now_ms);
                    }
                }
            }
            for (index, first_ms) in taken_ms.iter().enumerate() {
                for (more, last_ms) in taken_ms[index..].iter().enumerate() {
                    let came_back = (last_ms - first_ms) / THREE.refill_ms;
                    prop_assert!((more as u64) < u64::from(THREE.burst) + came_back);
                }
            }
        }
    }

    #[test]
    fn a_clock_that_falls_back_a_day_locks_nobody_out() {
        let mut buckets = Buckets::default();
        for _ in 0..3 {
            buckets.take("a", THREE, NOW_MS).unwrap();
        }
        let yesterday_ms = NOW_MS - 86_400_000;
        for _ in 0..3 {
            assert_eq!(buckets.take("a", THREE, yesterday_ms), Ok(()));
        }
        assert_eq!(buckets.take("a", THREE, yesterday_ms), Err(1_000));
    }

    #[test]
    fn the_map_stays_bounded_and_keeps_the_guilty() {
        let mut buckets = Buckets::default();
        for _ in 0..3 {
            buckets.take(0, THREE, NOW_MS).unwrap();
        }
        for key in 1..3 * BUCKETS_MAX {
            buckets.take(key, THREE, NOW_MS).unwrap();
            assert!(buckets.full_at_ms.len() <= BUCKETS_MAX);
        }
        assert_eq!(buckets.take(0, THREE, NOW_MS), Err(1_000));
    }
}
