//! The marker inside a message's data: which channel, which number, for when it was scheduled. Fixed width and plain
//! ASCII, so that it stays itself in JSON, msgpack and base64-free text, and is found by a search for its start.

use memchr::memmem;

const START: &[u8] = b"~lq";
/// Bytes of a marker: start, 6 + 12 + 16 hexadecimal digits, end.
pub const LENGTH: usize = 3 + 6 + 12 + 16 + 1;

/// What a message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Index of the channel, below 2^24.
    pub channel: u32,
    /// Number of the message within its channel, from 0.
    pub seq: u64,
    /// When it was due, on the generator's clock.
    pub due_ns: u64,
}

impl Marker {
    /// Message data of `size` bytes (at least `LENGTH`), padded with `x`.
    pub fn data(&self, size: usize) -> String {
        let mut data = format!("~lq{:06x}{:012x}{:016x}~", self.channel, self.seq, self.due_ns);
        data.extend(std::iter::repeat_n('x', size.saturating_sub(data.len())));
        data
    }

    fn parse(bytes: &[u8]) -> Option<Marker> {
        let digits = bytes.get(..LENGTH)?;
        if digits[LENGTH - 1] != b'~' {
            return None;
        }
        Some(Marker {
            channel: hex(&digits[3..9])? as u32,
            seq: hex(&digits[9..21])?,
            due_ns: hex(&digits[21..37])?,
        })
    }
}

/// Finds markers in payloads.
pub struct Finder {
    start: memmem::Finder<'static>,
}

impl Default for Finder {
    fn default() -> Self {
        Finder { start: memmem::Finder::new(START) }
    }
}

impl Finder {
    /// Calls `found` for each marker of `payload`, in order, and returns how many there were.
    pub fn each(&self, payload: &[u8], mut found: impl FnMut(Marker)) -> usize {
        let (mut at, mut count) = (0, 0);
        while let Some(offset) = self.start.find(&payload[at..]) {
            at += offset;
            match Marker::parse(&payload[at..]) {
                Some(marker) => {
                    found(marker);
                    count += 1;
                    at += LENGTH;
                }
                None => at += START.len(),
            }
        }
        count
    }
}

fn hex(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |value, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(value << 4 | u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_marker_and_nothing_else() {
        let first = Marker { channel: 499, seq: 7, due_ns: 123_456_789_012 };
        let second = Marker { channel: 0, seq: u64::from(u32::MAX) + 5, due_ns: 1 };
        let text = format!("~lq~lqzz [{}],[{}] ~lq00", first.data(128), second.data(LENGTH));
        let mut seen = Vec::new();
        assert_eq!(Finder::default().each(text.as_bytes(), |marker| seen.push(marker)), 2);
        assert_eq!(seen, [first, second]);
        assert_eq!(first.data(128).len(), 128);
        assert_eq!(second.data(0).len(), LENGTH);
    }
}
