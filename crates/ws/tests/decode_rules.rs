//! Each rule of RFC 6455 that a receiver must hold its peer to, by hand-made frames.

use loquat_ws::fuzz::{OwnedEvent, decode_in_reads};
use loquat_ws::{DecodeError, Decoder, Role, close_payload};

const LIMIT: u32 = 1000;

/// An unmasked frame with this first byte; what a server sends, so that the bytes can be read here.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        len @ 0..=125 => frame.push(len as u8),
        len => {
            frame.push(126);
            frame.extend((len as u16).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame
}

/// Decodes the stream at once and byte by byte, and wants the same of both.
#[track_caller]
fn check(stream: &[u8], events: &[OwnedEvent], error: Option<DecodeError>) {
    for reads in [usize::MAX, 1] {
        let seen = decode_in_reads(Role::Client, LIMIT, stream, &[reads]);
        assert_eq!(seen, (events.to_vec(), error), "in reads of {reads}");
    }
}

#[track_caller]
fn refuses(stream: &[u8], error: DecodeError) {
    check(stream, &[], Some(error));
}

fn text(text: &str) -> OwnedEvent {
    OwnedEvent::Text(text.to_owned())
}

fn binary(bytes: &[u8]) -> OwnedEvent {
    OwnedEvent::Binary(bytes.to_vec())
}

#[test]
fn messages_of_every_length_form() {
    for len in [0, 1, 125, 126, 127, 1000] {
        check(&frame(0x82, &vec![7; len]), &[binary(&vec![7; len])], None);
    }
    let mut decoder = Decoder::new(Role::Client, u32::MAX);
    let mut stream = [&[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0][..], &[9; 0x1_0000]].concat();
    let mut input = &mut stream[..];
    let event = decoder.decode(&mut input).expect("valid").map(OwnedEvent::from);
    assert_eq!(event, Some(binary(&[9; 0x1_0000])));
}

#[test]
fn several_messages_in_one_read() {
    let stream = [frame(0x81, b"one"), frame(0x89, b"?"), frame(0x82, b"two"), frame(0x8A, b"")].concat();
    let events = [text("one"), OwnedEvent::Ping(b"?".to_vec()), binary(b"two"), OwnedEvent::Pong(vec![])];
    check(&stream, &events, None);
}

#[test]
fn fragments_with_control_frames_between_them() {
    let stream = [
        frame(0x01, b"a"),
        frame(0x89, b"ping"),
        frame(0x00, b""),
        frame(0x8A, b"pong"),
        frame(0x80, b"b"),
        frame(0x82, b"c"),
    ]
    .concat();
    let events =
        [OwnedEvent::Ping(b"ping".to_vec()), OwnedEvent::Pong(b"pong".to_vec()), text("ab"), binary(b"c")];
    check(&stream, &events, None);
}

#[test]
fn empty_fragments_make_an_empty_message() {
    check(
        &[frame(0x01, b""), frame(0x89, b""), frame(0x80, b"")].concat(),
        &[OwnedEvent::Ping(vec![]), text("")],
        None,
    );
    check(&[frame(0x01, b""), frame(0x80, b"late")].concat(), &[text("late")], None);
}

#[test]
fn continuation_needs_a_message_and_a_message_must_end() {
    refuses(&frame(0x80, b"x"), DecodeError::UnexpectedContinuation);
    refuses(&frame(0x00, b"x"), DecodeError::UnexpectedContinuation);
    refuses(&[frame(0x01, b"x"), frame(0x81, b"y")].concat(), DecodeError::MessageInsideMessage);
    refuses(&[frame(0x02, b"x"), frame(0x01, b"y")].concat(), DecodeError::MessageInsideMessage);
    let stream = [frame(0x01, b"x"), frame(0x80, b"y"), frame(0x80, b"z")].concat();
    check(&stream, &[text("xy")], Some(DecodeError::UnexpectedContinuation));
}

#[test]
fn reserved_bits_and_opcodes() {
    for bit in [0x40, 0x20, 0x10] {
        refuses(&[0x81 | bit], DecodeError::ReservedBits);
    }
    for opcode in [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] {
        refuses(&[0x80 | opcode], DecodeError::ReservedOpcode(opcode));
    }
}

#[test]
fn control_frames_are_short_and_whole() {
    for opcode in [0x8, 0x9, 0xA] {
        refuses(&[opcode], DecodeError::ControlFragmented);
        refuses(&[0x80 | opcode, 126], DecodeError::ControlTooLong);
        refuses(&[0x80 | opcode, 127], DecodeError::ControlTooLong);
    }
    check(&frame(0x89, &[1; 125]), &[OwnedEvent::Ping(vec![1; 125])], None);
}

#[test]
fn clients_mask_and_servers_do_not() {
    let unmasked = decode_in_reads(Role::Server, LIMIT, &[0x81, 0x01], &[1]);
    assert_eq!(unmasked, (vec![], Some(DecodeError::Unmasked)));
    refuses(&[0x81, 0x81], DecodeError::Masked);
}

#[test]
fn lengths_are_minimal_and_below_two_to_the_63() {
    refuses(&[0x82, 126, 0, 125], DecodeError::LengthNotMinimal);
    refuses(&[0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], DecodeError::LengthNotMinimal);
    refuses(&[0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], DecodeError::LengthOverflow);
}

#[test]
fn the_limit_is_known_from_the_header_alone() {
    refuses(&[0x82, 126, 0x03, 0xE9], DecodeError::MessageTooBig { bytes: 1001, max: LIMIT });
    let huge = [0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    refuses(&huge, DecodeError::MessageTooBig { bytes: (1 << 63) - 1, max: LIMIT });
    let fragments =
        [frame(0x02, &[0; 600]), frame(0x00, &[0; 400]), frame(0x80, &[0; 1])[..2].to_vec()].concat();
    refuses(&fragments, DecodeError::MessageTooBig { bytes: 1001, max: LIMIT });
    assert_eq!(DecodeError::MessageTooBig { bytes: 1001, max: LIMIT }.close_code(), 1009);
}

#[test]
fn close_payloads() {
    check(&frame(0x88, b""), &[OwnedEvent::Close(None)], None);
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999] {
        let expected = OwnedEvent::Close(Some((code, "büe".to_owned())));
        check(&frame(0x88, &close_payload(code, "büe")), &[expected], None);
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535] {
        refuses(&frame(0x88, &close_payload(code, "")), DecodeError::CloseCode(code));
    }
    refuses(&[0x88, 1], DecodeError::ClosePayload);
    refuses(&frame(0x88, &[0x03, 0xE8, 0xFF]), DecodeError::Utf8);
}

#[test]
fn nothing_is_heard_after_a_close_frame_or_an_error() {
    let stream = [frame(0x81, b"a"), frame(0x88, b""), frame(0x81, b"b"), vec![0xFF]].concat();
    check(&stream, &[text("a"), OwnedEvent::Close(None)], None);

    let mut decoder = Decoder::new(Role::Client, LIMIT);
    let mut bad = [0xFF];
    assert_eq!(decoder.decode(&mut &mut bad[..]), Err(DecodeError::ReservedBits));
    let mut good = frame(0x81, b"a");
    let mut input = &mut good[..];
    assert_eq!(decoder.decode(&mut input), Ok(None));
    assert!(input.is_empty());
}

#[test]
fn close_codes_of_errors() {
    assert_eq!(DecodeError::Utf8.close_code(), 1007);
    assert_eq!(DecodeError::ReservedBits.close_code(), 1002);
    assert_eq!(DecodeError::CloseCode(5).close_code(), 1002);
}
