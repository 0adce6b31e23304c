//! Durations and sizes with units: how they are read and how they are written.

use std::time::Duration;

/// A number of bytes; written with a binary unit, such as `64KiB`, and shown in the largest unit that
/// divides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// The size in bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The size in bytes for indexing memory; saturates where the platform's word is smaller.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

const SIZE_UNITS: [(&str, u64); 5] =
    [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

const DURATION_UNITS_MS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads `64KiB`, `1 MiB` or a bare number of bytes.
pub(crate) fn parse_size(text: &str) -> Option<ByteSize> {
    let (number, unit) = split_number(text.trim())?;
    let unit = unit.trim();
    let factor = match unit {
        "" => 1,
        _ => SIZE_UNITS.iter().find(|(name, _)| *name == unit)?.1,
    };
    number.checked_mul(factor).map(ByteSize)
}

/// Reads `15s`, `72h`, `1h30m`; a unit is required, so that nobody has to guess it.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total_ms = 0_u64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, after) = split_number(rest)?;
        let unit_len = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_len);
        let factor = DURATION_UNITS_MS.iter().find(|(name, _)| *name == unit)?.1;
        total_ms = total_ms.checked_add(number.checked_mul(factor)?)?;
        rest = after;
    }
    Some(Duration::from_millis(total_ms))
}

/// Writes a size so that [`parse_size`] reads the same one back.
pub(crate) fn show_size(size: ByteSize) -> String {
    show(size.0, &SIZE_UNITS)
}

/// Writes a duration so that [`parse_duration`] reads the same one back (to the millisecond).
pub(crate) fn show_duration(duration: Duration) -> String {
    let total_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if total_ms == 0 { "0s".to_owned() } else { show(total_ms, &DURATION_UNITS_MS) }
}

fn show(value: u64, units: &[(&str, u64)]) -> String {
    let (name, factor) = units
        .iter()
        .find(|(_, factor)| value >= *factor && value.is_multiple_of(*factor))
        .copied()
        .unwrap_or(units[units.len() - 1]);
    format!("{}{name}", value / factor)
}

fn split_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}
