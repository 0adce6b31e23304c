//! Text must be UTF-8, and a receiver must not wait for the end of the message to say so.

use loquat_ws::fuzz::{OwnedEvent, decode_in_reads};
use loquat_ws::{DecodeError, Role};

/// Decodes one unfragmented text message of which only `sent` ever arrives, byte by byte.
fn decode_prefix(announced: u8, sent: &[u8]) -> (Vec<OwnedEvent>, Option<DecodeError>) {
    let stream = [&[0x81, announced][..], sent].concat();
    decode_in_reads(Role::Client, 1000, &stream, &[1])
}

#[test]
fn a_wrong_byte_is_reported_as_soon_as_it_is_seen() {
    let wrong: [&[u8]; 10] = [
        b"ok\xFF",
        b"\x80",
        b"\xC0",
        b"\xE0\x80",     // overlong
        b"\xED\xA0",     // surrogate
        b"\xF0\x80",     // overlong
        b"\xF4\x90",     // beyond U+10FFFF
        b"\xF5",         // beyond U+10FFFF
        b"\xE2\x82\x20", // cut off by a space
        b"caf\xC3\xA9 \xC3\x28",
    ];
    for bytes in wrong {
        assert_eq!(decode_prefix(100, bytes), (vec![], Some(DecodeError::Utf8)), "{bytes:x?}");
        let before = &bytes[..bytes.len() - 1];
        assert_eq!(decode_prefix(100, before), (vec![], None), "{before:x?}");
    }
}

#[test]
fn a_wrong_byte_in_a_fragment_is_reported_before_the_message_ends() {
    let stream = b"\x01\x03\xCE\xBA\xE1\x00\x02\xBD\xFF";
    assert_eq!(decode_in_reads(Role::Client, 1000, stream, &[64]), (vec![], Some(DecodeError::Utf8)));
    assert_eq!(decode_in_reads(Role::Client, 1000, &stream[..8], &[64]), (vec![], None));
}

#[test]
fn characters_may_be_cut_anywhere() {
    let text = "κόσμε 🦉 ﷽";
    let bytes = text.as_bytes();
    for first in 0..=bytes.len() {
        for second in first..=bytes.len() {
            let parts = [(0x01, &bytes[..first]), (0x00, &bytes[first..second]), (0x80, &bytes[second..])];
            let stream: Vec<u8> = parts
                .iter()
                .flat_map(|(head, part)| [&[*head, part.len() as u8][..], part].concat())
                .collect();
            for reads in [usize::MAX, 3, 1] {
                let seen = decode_in_reads(Role::Client, 1000, &stream, &[reads]);
                assert_eq!(seen, (vec![OwnedEvent::Text(text.to_owned())], None), "{first} {second} {reads}");
            }
        }
    }
}

#[test]
fn a_message_must_not_end_inside_a_character() {
    assert_eq!(decode_prefix(2, b"\xE2\x82"), (vec![], Some(DecodeError::Utf8)));
    let whole = decode_in_reads(Role::Client, 1000, b"\x81\x02\xE2\x82", &[64]);
    assert_eq!(whole, (vec![], Some(DecodeError::Utf8)));
    let fragmented = decode_in_reads(Role::Client, 1000, b"\x01\x02\xE2\x82\x80\x00", &[64]);
    assert_eq!(fragmented, (vec![], Some(DecodeError::Utf8)));
}

#[test]
fn binary_is_not_checked() {
    let seen = decode_in_reads(Role::Client, 1000, b"\x02\x01\xFF\x80\x01\xFE", &[1]);
    assert_eq!(seen, (vec![OwnedEvent::Binary(vec![0xFF, 0xFE])], None));
}
