//! Frames that are wrong in every way.

mod amounts;
mod closing;
mod fields;

use loquat_protocol::Format;
use loquat_testkit::Setup;
use loquat_ws::{FrameHeader, Opcode};

use crate::peace::{Peace, connected, ends};

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
