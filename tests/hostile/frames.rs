//! Frames that are wrong in every way.

use loquat_protocol::{Action, Format, ProtocolMessage};
use loquat_testkit::{Link, Setup, link::Incoming};
use loquat_ws::{FrameHeader, Opcode, apply_mask};
use std::{io::Read, time::Duration};

use crate::peace::{Peace, connected, ends, lives, message};

/// Sends a payload; the connection must end with this ERROR and this close code.
#[track_caller]
fn is_fatal(setup: &Setup, opcode: Opcode, payload: &[u8], error: u32, close: u16) {
    let format = if opcode == Opcode::Text { Format::Json } else { Format::Msgpack };
    let mut link = connected(setup, format);
    link.send_payload(opcode, payload).expect("it is taken");
    let shown = String::from_utf8_lossy(&payload[..payload.len().min(60)]).into_owned();
    assert_eq!(ends(&mut link), (Some(error), Some(close)), "{shown:?}");
}

#[test]
fn bytes_that_are_no_frame_end_the_connection_with_an_error() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let mut long = b"{\"action\":15,\"msgSerial\":0,\"channel\":\"a\",\"messages\":[{\"data\":\"".to_vec();
    long.resize(600_000, b'x');
    let texts: [&[u8]; 8] = [
        b"",
        b"{",
        b"nonsense",
        b"{\"action\":",
        b"[1,2]",
        b"null",
        b"{\"action\":15}{\"action\":15}",
        b"\"\\u",
    ];
    for text in texts {
        is_fatal(&setup, Opcode::Text, text, 40_000, 1_000);
    }
    is_fatal(&setup, Opcode::Text, "[".repeat(200_000).as_bytes(), 40_000, 1_000);
    is_fatal(&setup, Opcode::Text, "{\"a\":".repeat(50_000).as_bytes(), 40_000, 1_000);
    is_fatal(&setup, Opcode::Text, b"{\"action\":15,\"channel\":\"\xff\xfe\"}", 80_013, 1_007);
    is_fatal(&setup, Opcode::Text, &long, 40_009, 1_009);
    let packed: [&[u8]; 7] = [
        b"",
        b"\xc1",
        // Arrays, maps, texts and bytes that say to be larger than anything.
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\x81\xa6action\xdb\xff\xff\xff\xff",
        b"\x81\xa8messages\xdd\x7f\xff\xff\xff\x80",
        b"\x81\xa8messages\xc6\xff\xff\xff\xff",
    ];
    for bytes in packed {
        is_fatal(&setup, Opcode::Binary, bytes, 40_000, 1_000);
    }
    is_fatal(&setup, Opcode::Binary, &[0x91; 200_000], 40_000, 1_000);
    is_fatal(&setup, Opcode::Binary, &[0x81; 200_000], 40_000, 1_000);
    peace.holds(16);
    peace.returns();
}

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
fn broken_websocket_frames_end_the_connection_with_their_close_code() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let huge = FrameHeader { mask: Some([1; 4]), len: 1 << 62, ..FrameHeader::new(Opcode::Text, 0) };
    let mut declared = Vec::new();
    huge.write(&mut declared);
    let frames: [(&[u8], u32, u16); 6] = [
        (&declared, 40_009, 1_009),
        // Not masked; a reserved bit; a reserved opcode; a long ping; a continuation of nothing.
        (b"\x81\x02{}", 80_013, 1_002),
        (b"\xc1\x82\x00\x00\x00\x00{}", 80_013, 1_002),
        (b"\x83\x80\x00\x00\x00\x00", 80_013, 1_002),
        (b"\x89\xfe\x00\x7e\x00\x00\x00\x00", 80_013, 1_002),
        (b"\x80\x80\x00\x00\x00\x00", 80_013, 1_002),
    ];
    for (bytes, error, close) in frames {
        let mut link = connected(&setup, Format::Json);
        link.send_bytes(bytes).expect("it is taken");
        assert_eq!(ends(&mut link), (Some(error), Some(close)), "{bytes:x?}");
    }
    peace.holds(8);
    peace.returns();
}

#[test]
fn what_a_later_protocol_may_send_is_tolerated() {
    let setup = Setup::new();
    let _server = setup.start();
    let mut link = connected(&setup, Format::Json);
    for text in [
        r#"{"action":77}"#,
        r#"{"action":18}"#,
        r#"{"action":4000000000,"channel":[1]}"#,
        r#"{"action":3}"#,
        r#"{"action":6,"error":{"code":80003}}"#,
        r#"{"action":0,"unknown":{"deep":[[[1]]]}}"#,
    ] {
        link.send_payload(Opcode::Text, text.as_bytes()).expect("it is taken");
    }
    lives(&mut link);
}

/// The answer to a text, other than heartbeats.
#[track_caller]
fn answer(link: &mut Link, text: &str) -> ProtocolMessage {
    link.send_payload(Opcode::Text, text.as_bytes()).expect("it is taken");
    link.frame().expect("an answer")
}

#[test]
fn wrong_types_are_answered_where_they_belong_and_the_connection_stays() {
    let setup = Setup::new();
    let _server = setup.start();
    let mut link = connected(&setup, Format::Json);
    let wrong = [
        r#""messages":"x""#,
        r#""messages":[3]"#,
        r#""messages":[{"name":{}}]"#,
        r#""messages":[{"id":5}]"#,
        r#""messages":[{"data":17}]"#,
        r#""messages":[{"data":"?","encoding":"base64"}]"#,
        r#""messages":[{"extras":[]}]"#,
        r#""messages":[{"clientId":["a"]}]"#,
        r#""messages":[]"#,
        r#""channel":7"#,
        r#""channel":"""#,
    ];
    for (serial, field) in wrong.into_iter().enumerate() {
        let channel = if field.contains("channel") { "" } else { r#""channel":"a","# };
        let text = format!(r#"{{"action":15,"msgSerial":{serial},{channel}{field}}}"#);
        let nack = answer(&mut link, &text);
        assert_eq!(nack.action(), Some(Action::Nack), "{text}: {nack:?}");
        assert_eq!((nack.msg_serial, nack.count), (Some(serial as i64), Some(1)), "{text}");
        let code = nack.error.expect("with a reason").code;
        assert!((40_000..40_100).contains(&code), "{text}: {code}");
    }
    for field in [r#""flags":"x""#, r#""params":{"rewind":"for ever"}"#, r#""params":[1]"#] {
        let error = answer(&mut link, &format!(r#"{{"action":10,"channel":"a",{field}}}"#));
        assert_eq!((error.action(), error.channel.as_deref()), (Some(Action::Error), Some("a")), "{field}");
    }
    lives(&mut link);
}

#[test]
fn a_publish_without_a_number_cannot_be_answered_and_is_fatal() {
    let setup = Setup::new();
    let _server = setup.start();
    is_fatal(&setup, Opcode::Text, br#"{"action":15,"channel":"a","messages":[{}]}"#, 80_013, 1_000);
}

#[test]
fn ten_thousand_frames_in_one_piece_are_all_answered() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    for format in Format::ALL {
        let mut link = connected(&setup, format);
        let frame = ProtocolMessage { id: Some("h".to_owned()), ..ProtocolMessage::new(Action::Heartbeat) };
        link.send_bytes(&link.encode(&frame).repeat(10_000)).expect("it is taken");
        for _ in 0..10_000 {
            assert_eq!(link.wait(Action::Heartbeat).expect("an echo").id.as_deref(), Some("h"));
        }
    }
    peace.holds(16);
}

#[test]
fn a_message_in_single_bytes_is_one_message() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let mut link = connected(&setup, Format::Json);
    let payload = Format::Json.encode(&message("bytes", 0, 3, 1_000));
    for (index, byte) in payload.iter().enumerate() {
        let opcode = if index == 0 { Opcode::Text } else { Opcode::Continuation };
        let (fin, mask) = (index + 1 == payload.len(), [9; 4]);
        let mut bytes = Vec::new();
        FrameHeader { opcode, fin, len: 1, mask: Some(mask) }.write(&mut bytes);
        let mut masked = [*byte];
        apply_mask(&mut masked, mask);
        bytes.extend_from_slice(&masked);
        // Each byte of the frame in a segment of its own, for some of them.
        if index < 40 {
            bytes.iter().for_each(|byte| link.send_bytes(&[*byte]).expect("it is taken"));
        } else {
            link.send_bytes(&bytes).expect("it is taken");
        }
    }
    assert_eq!(link.wait(Action::Ack).expect("ACK").msg_serial, Some(0));
    peace.holds(8);
}

/// Who asks and never reads the answers is cut off before they fill the memory; who reads gets every pong.
#[test]
fn a_flood_of_pings() {
    let setup = Setup::new();
    let server = setup.start();
    let peace = Peace::of(&server);
    let mut link = connected(&setup, Format::Json);
    for round in 0..2_000_u32 {
        link.send_payload(Opcode::Ping, &round.to_be_bytes()).expect("it is taken");
    }
    for round in 0..2_000_u32 {
        let pong = link.next(Duration::from_secs(5)).expect("it lives");
        assert_eq!(pong, Some(Incoming::Pong(round.to_be_bytes().to_vec())));
    }
    let mut silent = connected(&setup, Format::Json);
    silent.stream().set_write_timeout(Some(Duration::from_secs(2))).expect("a socket");
    for _ in 0..400_000 {
        if silent.send_payload(Opcode::Ping, &[7; 125]).is_err() {
            break;
        }
    }
    peace.holds(24);
    drop((link, silent));
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
