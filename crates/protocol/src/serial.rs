//! Positions in the log, as text that sorts as the log does.

use std::{fmt, str::FromStr};

/// The position of an entry: an epoch and a sequence number within its partition.
///
/// Text form `eeee-ssssssssssssssss` (hex, fixed width), so text order is log order. The epoch rises when a
/// log is restored from a backup or promoted, so that no serial is ever issued twice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Serial {
    /// The epoch in which the entry was written, from 1.
    pub epoch: u16,
    /// The entry's sequence number within its partition, from 1; 0 is "before the first".
    pub seq: u64,
}

impl Serial {
    /// A serial from its parts.
    pub fn new(epoch: u16, seq: u64) -> Self {
        Self { epoch, seq }
    }

    /// The text form, without going through a formatter: serials are written once per entry and format.
    pub fn write_text(&self, out: &mut [u8; 21]) {
        hex(u64::from(self.epoch), &mut out[..4]);
        out[4] = b'-';
        hex(self.seq, &mut out[5..]);
    }
}

fn hex(mut value: u64, out: &mut [u8]) {
    for slot in out.iter_mut().rev() {
        *slot = b"0123456789abcdef"[(value & 15) as usize];
        value >>= 4;
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 21];
        self.write_text(&mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// A text that is no serial.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidSerial;

fn parse_hex(text: &str, width: usize) -> Result<u64, InvalidSerial> {
    let valid = text.len() == width && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !valid {
        return Err(InvalidSerial);
    }
    u64::from_str_radix(text, 16).map_err(|_| InvalidSerial)
}

impl FromStr for Serial {
    type Err = InvalidSerial;

    fn from_str(text: &str) -> Result<Self, InvalidSerial> {
        let (epoch, seq) = text.split_once('-').ok_or(InvalidSerial)?;
        Ok(Self { epoch: parse_hex(epoch, 4)? as u16, seq: parse_hex(seq, 16)? })
    }
}

/// The serial of one message: its entry's serial and its place in the entry, `<serial>:iii` (decimal).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MessageSerial {
    /// The entry that holds the message.
    pub entry: Serial,
    /// The message's place in the entry, from 0.
    pub index: u16,
}

impl fmt::Display for MessageSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:03}", self.entry, self.index)
    }
}

impl FromStr for MessageSerial {
    type Err = InvalidSerial;

    fn from_str(text: &str) -> Result<Self, InvalidSerial> {
        let (entry, index) = text.split_once(':').ok_or(InvalidSerial)?;
        let digits = (3..=5).contains(&index.len()) && index.bytes().all(|b| b.is_ascii_digit());
        // One spelling per serial: beyond three digits there are no leading zeros.
        let padded = index.len() > 3 && index.starts_with('0');
        let index = index.parse().map_err(|_| InvalidSerial)?;
        if digits && !padded { Ok(Self { entry: entry.parse()?, index }) } else { Err(InvalidSerial) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_order_is_log_order() {
        let serials = [Serial::new(1, 9), Serial::new(1, 10), Serial::new(1, 0xffff), Serial::new(2, 1)];
        for pair in serials.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].to_string() < pair[1].to_string());
        }
    }

    #[test]
    fn text_form_round_trips() {
        let serial = MessageSerial { entry: Serial::new(3, 0xabc), index: 7 };
        assert_eq!(serial.to_string(), "0003-0000000000000abc:007");
        assert_eq!(serial.to_string().parse(), Ok(serial));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "1-1",
            "0001-000000000000000g",
            "0001-00000000000000000",
            "0001_0000000000000000",
            "+001-0000000000000001",
        ] {
            assert_eq!(text.parse::<Serial>(), Err(InvalidSerial), "{text}");
        }
    }
}
