//! The byte-for-byte examples of RFC 6455 sections 1.3 and 5.7.

use loquat_ws::fuzz::{OwnedEvent, decode_in_reads};
use loquat_ws::handshake::accept_key;
use loquat_ws::{FrameHeader, Opcode, Role, client_frame, server_frame};

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

fn hello() -> OwnedEvent {
    OwnedEvent::Text("Hello".to_owned())
}

fn masked(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    client_frame(opcode, payload, KEY, &mut frame);
    frame
}

#[track_caller]
fn decodes(role: Role, stream: &[u8], event: OwnedEvent) {
    for reads in [usize::MAX, 5, 1] {
        assert_eq!(decode_in_reads(role, 1 << 20, stream, &[reads]), (vec![event.clone()], None));
    }
}

#[test]
fn accept_of_the_sample_nonce() {
    assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn unmasked_text() {
    let frame = b"\x81\x05\x48\x65\x6c\x6c\x6f";
    assert_eq!(server_frame(Opcode::Text, b"Hello")[..], frame[..]);
    decodes(Role::Client, frame, hello());
}

#[test]
fn masked_text() {
    let frame = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    assert_eq!(masked(Opcode::Text, b"Hello"), frame);
    decodes(Role::Server, frame, hello());
}

#[test]
fn fragmented_unmasked_text() {
    let frames = b"\x01\x03\x48\x65\x6c\x80\x02\x6c\x6f";
    let mut written = Vec::new();
    for (opcode, fin, part) in [(Opcode::Text, false, &b"Hel"[..]), (Opcode::Continuation, true, b"lo")] {
        FrameHeader { fin, ..FrameHeader::new(opcode, part.len()) }.write(&mut written);
        written.extend_from_slice(part);
    }
    assert_eq!(written, frames);
    decodes(Role::Client, frames, hello());
}

#[test]
fn ping_and_its_pong() {
    let ping = b"\x89\x05\x48\x65\x6c\x6c\x6f";
    assert_eq!(server_frame(Opcode::Ping, b"Hello")[..], ping[..]);
    decodes(Role::Client, ping, OwnedEvent::Ping(b"Hello".to_vec()));

    let pong = b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    assert_eq!(masked(Opcode::Pong, b"Hello"), pong);
    decodes(Role::Server, pong, OwnedEvent::Pong(b"Hello".to_vec()));
}

#[test]
fn lengths_of_two_and_eight_bytes() {
    for (len, header) in
        [(256, &b"\x82\x7E\x01\x00"[..]), (65_536, b"\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00")]
    {
        let payload = vec![0xA5; len];
        let frame = [header, &payload].concat();
        assert_eq!(server_frame(Opcode::Binary, &payload)[..], frame[..]);
        decodes(Role::Client, &frame, OwnedEvent::Binary(payload));
    }
}
