//! Frames as they are written.

use std::io::Write as _;

use loquat_ws::{
    CLOSE_REASON_BYTES_MAX, CloseFrame, FrameBuilder, FrameHeader, Opcode, close_frame, close_payload,
    close_reply, server_frame, write_frame_header,
};

/// Lengths around every border of the length field.
const LENGTHS: [usize; 8] = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];

#[test]
fn a_builder_makes_the_same_frame_as_a_copy() {
    for len in LENGTHS {
        let payload = vec![0x5A; len];
        for capacity in [0, len, len + 100] {
            let mut builder = FrameBuilder::with_capacity(capacity);
            builder.payload_vec().extend_from_slice(&payload);
            assert_eq!(builder.payload(), payload);
            assert_eq!(builder.finish(Opcode::Binary), server_frame(Opcode::Binary, &payload));
        }
    }
}

#[test]
fn a_builder_does_not_move_its_payload() {
    let mut builder = FrameBuilder::with_capacity(300);
    builder.write_all(&[1; 300]).expect("memory takes any write");
    let payload_at = builder.payload().as_ptr();
    let frame = builder.finish(Opcode::Binary);
    assert_eq!(frame[4..].as_ptr(), payload_at);
}

#[test]
#[should_panic(expected = "reserved header bytes")]
fn a_builder_notices_that_its_header_is_gone() {
    let mut builder = FrameBuilder::with_capacity(8);
    builder.payload_vec().clear();
    builder.finish(Opcode::Text);
}

#[test]
fn headers_are_as_long_as_they_say() {
    for len in LENGTHS {
        for mask in [None, Some([1, 2, 3, 4])] {
            let header = FrameHeader { mask, ..FrameHeader::new(Opcode::Text, len) };
            let mut out = Vec::new();
            write_frame_header(Opcode::Text, len, mask, &mut out);
            assert_eq!(out.len(), header.encoded_len());
            assert_eq!(out[1] & 0x80 != 0, mask.is_some());
        }
    }
}

#[test]
fn long_reasons_are_cut_between_characters() {
    let reason = "é".repeat(100);
    let payload = close_payload(1011, &reason);
    assert_eq!(payload.len(), 2 + CLOSE_REASON_BYTES_MAX - 1);
    assert_eq!(std::str::from_utf8(&payload[2..]), Ok("é".repeat(61).as_str()));
    assert_eq!(close_payload(1011, &"x".repeat(123)).len(), 125);
    assert_eq!(close_frame(1011, &"x".repeat(500)).len(), 2 + 125);
}

#[test]
fn a_close_is_answered_with_its_code() {
    assert_eq!(close_reply(None)[..], b"\x88\x00"[..]);
    let received = CloseFrame { code: 4001, reason: "bye" };
    assert_eq!(close_reply(Some(received))[..], b"\x88\x02\x0F\xA1"[..]);
}
