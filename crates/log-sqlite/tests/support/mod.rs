//! What the tests of the engine share.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod child;
pub mod files;
pub mod fixture;
pub mod format_1;
pub mod image;
pub mod records;

/// How often a test repeats what it does: far more when `LOQUAT_SOAK` is set.
pub fn rounds(usual: u32, soak: u32) -> u32 {
    if std::env::var_os("LOQUAT_SOAK").is_some() { soak } else { usual }
}

/// A sequence of numbers that look random and depend on the seed alone.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
