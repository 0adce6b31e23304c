//! Very many frames, and very small ones.

use std::time::Duration;

use loquat_protocol::{Action, Format, ProtocolMessage};
use loquat_testkit::{Setup, link::Incoming};
use loquat_ws::{FrameHeader, Opcode, apply_mask};

use crate::peace::{Peace, connected, message};

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
