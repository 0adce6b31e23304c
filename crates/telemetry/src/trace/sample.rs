//! Which publishes are traced.

use std::sync::atomic::{AtomicU64, Ordering};

/// Takes a fixed share, evenly spread: of any n in a row, `n × ratio` to within one.
#[derive(Debug)]
pub(super) struct Sampler {
    ratio: f64,
    seen: AtomicU64,
}

impl Sampler {
    pub(super) fn new(ratio: f64) -> Self {
        Self { ratio: ratio.clamp(0.0, 1.0), seen: AtomicU64::new(0) }
    }

    /// Whether the next one is taken.
    pub(super) fn take(&self) -> bool {
        let before = self.seen.fetch_add(1, Ordering::Relaxed) as f64;
        ((before + 1.0) * self.ratio).floor() > (before * self.ratio).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::Sampler;

    fn taken(ratio: f64, of: usize) -> usize {
        let sampler = Sampler::new(ratio);
        (0..of).filter(|_| sampler.take()).count()
    }

    #[test]
    fn takes_its_share() {
        assert_eq!(taken(0.0, 1000), 0);
        assert_eq!(taken(1.0, 1000), 1000);
        assert_eq!(taken(0.01, 1000), 10);
        assert_eq!(taken(0.75, 1000), 750);
    }
}
