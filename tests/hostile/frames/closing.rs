//! The last frames of a connection.

use std::{io::Read, time::Duration};

use loquat_protocol::{Action, Format, ProtocolMessage};
use loquat_testkit::Setup;
use loquat_ws::{FrameHeader, Opcode};

use crate::peace::{Peace, connected, ends, message};

/// Who is still sending when the server has ended must be able to read why: closing at once would reset the connection
/// and could take the answer back.
#[test]
fn who_is_still_sending_can_read_why_it_ended() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let mut declared = Vec::new();
    FrameHeader { mask: Some([1; 4]), len: 4 << 20, ..FrameHeader::new(Opcode::Text, 0) }
        .write(&mut declared);
    let mut link = connected(&setup, Format::Json);
    link.send_bytes(&declared).expect("it is taken");
    link.stream().peek(&mut [0]).expect("the server has answered");
    for _ in 0..64 {
        link.send_bytes(&[b'x'; 64 << 10]).expect("it is still taken");
    }
    assert_eq!(ends(&mut link), (Some(40_009), Some(1_009)));
    drop(link);
    peace.returns();
}

#[test]
fn what_comes_after_a_close_is_not_heard() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let mut link = connected(&setup, Format::Json);
    let mut bytes = link.encode(&ProtocolMessage::new(Action::Close));
    bytes.extend(link.encode(&message("closed", 0, 1, 20)).repeat(1_000));
    link.send_bytes(&bytes).expect("it is taken");
    assert_eq!(link.frame().expect("CLOSED").action(), Some(Action::Closed));
    assert_eq!(ends(&mut link), (None, Some(1_000)));

    let mut link = connected(&setup, Format::Json);
    let mut bytes = b"\x88\x82\x00\x00\x00\x00\x03\xe8".to_vec();
    bytes.extend(link.encode(&message("closed", 0, 1, 20)).repeat(1_000));
    link.send_bytes(&bytes).expect("it is taken");
    assert_eq!(ends(&mut link), (None, Some(1_000)));
    let history = loquat_testkit::history::read(setup.address, "closed", "forwards", "").expect("history");
    assert_eq!(history, []);
    peace.holds(8);
    peace.returns();
}

/// The opcodes of the frames that a server has written until it ended the connection.
fn opcodes_until_the_end(mut stream: &std::net::TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time");
    stream.read_to_end(&mut bytes).expect("the end of the connection");
    let (mut opcodes, mut rest) = (Vec::new(), &bytes[..]);
    while let [first, length, tail @ ..] = rest {
        let (length, tail) = match length {
            126 => (usize::from(u16::from_be_bytes([tail[0], tail[1]])), &tail[2..]),
            127 => panic!("no frame of this test is so long"),
            length => (usize::from(*length), tail),
        };
        opcodes.push(first & 0x0f);
        rest = &tail[length..];
    }
    opcodes
}

#[test]
fn nothing_follows_a_close_frame() {
    let setup = Setup::new();
    let _server = setup.start();
    for format in [Format::Json, Format::Msgpack] {
        let mut link = connected(&setup, format);
        let asked = ProtocolMessage { id: Some("x".to_owned()), ..ProtocolMessage::new(Action::Heartbeat) };
        let mut bytes = link.encode(&asked).repeat(3);
        bytes.extend(b"\x88\x82\x00\x00\x00\x00\x03\xe8");
        link.send_bytes(&bytes).expect("it is taken");
        let opcodes = opcodes_until_the_end(link.stream());
        let answer = if format == Format::Json { 1 } else { 2 };
        assert_eq!(opcodes, [answer, answer, answer, 8]);
    }
}
