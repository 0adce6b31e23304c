//! A histogram with logarithmic buckets: bounded memory, bounded relative error.

const SUB_BITS: u32 = 6;
const SUB: usize = 1 << SUB_BITS;
const BUCKETS: usize = (64 - SUB_BITS as usize + 1) * SUB;

/// Counts of `u64` values (here: nanoseconds). A value is known to within 1/64 of itself; values below 64 exactly.
#[derive(Clone, Debug)]
pub struct Histogram {
    counts: Box<[u64]>,
    total: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: vec![0; BUCKETS].into_boxed_slice(), total: 0, max: 0 }
    }
}

impl Histogram {
    /// Counts one value.
    pub fn record(&mut self, value: u64) {
        self.counts[bucket_of(value)] += 1;
        self.total += 1;
        self.max = self.max.max(value);
    }

    /// How many values were counted.
    pub fn count(&self) -> u64 {
        self.total
    }

    /// The largest value counted, exactly; 0 when there is none.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// The value that `share` (0.0 to 1.0) of all values do not exceed, rounded up to its bucket's edge and never
    /// above the maximum; 0 when nothing was counted.
    pub fn quantile(&self, share: f64) -> u64 {
        let wanted = ((self.total as f64 * share).ceil() as u64).clamp(1, self.total.max(1));
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return upper_edge(bucket).min(self.max);
            }
        }
        self.max
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
        self.max = 0;
    }
}

fn bucket_of(value: u64) -> usize {
    if value < SUB as u64 {
        return value as usize;
    }
    let exponent = 63 - value.leading_zeros();
    let within = (value >> (exponent - SUB_BITS)) as usize & (SUB - 1);
    (exponent - SUB_BITS + 1) as usize * SUB + within
}

fn upper_edge(bucket: usize) -> u64 {
    if bucket < SUB {
        return bucket as u64;
    }
    let shift = (bucket / SUB - 1) as u32;
    let low = ((SUB + bucket % SUB) as u64) << shift;
    low + ((1u64 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_keep_order_and_error_bound() {
        let mut last = 0;
        for value in (0..20_000).chain((20..63).flat_map(|bit| [1u64 << bit, (1u64 << bit) + 12_345])) {
            let bucket = bucket_of(value);
            assert!(bucket >= last || value < 20_000 || value.is_power_of_two());
            assert!(upper_edge(bucket) >= value);
            assert!(upper_edge(bucket) - value <= value / SUB as u64);
            last = bucket;
        }
        assert!(bucket_of(u64::MAX) < BUCKETS);
    }

    #[test]
    fn quantiles_of_a_ramp() {
        let mut ramp = Histogram::default();
        (1..=1000).for_each(|value| ramp.record(value * 1000));
        let near = |share: f64, value: f64| (ramp.quantile(share) as f64 / value - 1.0).abs() < 0.02;
        assert!(near(0.5, 500_000.0) && near(0.99, 990_000.0));
        assert_eq!((ramp.quantile(1.0), ramp.max(), ramp.count()), (1_000_000, 1_000_000, 1000));
        assert_eq!(Histogram::default().quantile(0.99), 0);
    }
}
