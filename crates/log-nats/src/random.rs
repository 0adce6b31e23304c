//! Randomness for identities and jitter; nothing secret is made of it.

use std::time::Duration;

/// A number that no other caller gets, as far as 64 random bits reach.
pub(crate) fn number() -> u64 {
    getrandom::u64().unwrap_or_else(|_| {
        // Without the system's randomness, the address of a fresh allocation and the clock still differ by process.
        let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let place = Box::new(0_u8);
        (clock.as_nanos() as u64) ^ (std::ptr::from_ref::<u8>(&place) as u64).rotate_left(32)
    })
}

/// A duration between half of `about` and one and a half of it, so that peers don't retry in step.
pub(crate) fn jittered(about: Duration) -> Duration {
    about / 2 + about.mul_f64((number() % 1024) as f64 / 1024.0)
}
