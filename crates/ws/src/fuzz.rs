//! Entry points for a fuzzing runner: each takes arbitrary bytes and panics if a promise of this crate is broken.

use crate::handshake::{Head, Upgrade, check_response};
use crate::{CONTROL_BYTES_MAX, CloseFrame, DecodeError, Decoder, Event, Role};

/// An [`Event`] that owns its payload, so that runs can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedEvent {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A ping.
    Ping(Vec<u8>),
    /// A pong.
    Pong(Vec<u8>),
    /// A close frame with its code and reason.
    Close(Option<(u16, String)>),
}

impl From<Event<'_>> for OwnedEvent {
    fn from(event: Event<'_>) -> Self {
        match event {
            Event::Text(text) => Self::Text(text.to_owned()),
            Event::Binary(bytes) => Self::Binary(bytes.to_vec()),
            Event::Ping(bytes) => Self::Ping(bytes.to_vec()),
            Event::Pong(bytes) => Self::Pong(bytes.to_vec()),
            Event::Close(frame) => {
                Self::Close(frame.map(|CloseFrame { code, reason }| (code, reason.to_owned())))
            }
        }
    }
}

/// Decodes `stream` in reads of the given sizes, used in turn, and checks what holds at any time: the buffer stays
/// within the limit, nothing is kept between messages, and nothing is said after the end.
pub fn decode_in_reads(
    role: Role,
    message_bytes_max: u32,
    stream: &[u8],
    reads: &[usize],
) -> (Vec<OwnedEvent>, Option<DecodeError>) {
    let mut decoder = Decoder::new(role, message_bytes_max);
    let mut events = Vec::new();
    let mut stream = stream.to_vec();
    let mut rest = &mut stream[..];
    for size in reads.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (mut input, later) = rest.split_at_mut((*size).clamp(1, rest.len()));
        rest = later;
        loop {
            match decoder.decode(&mut input) {
                Ok(Some(event)) => events.push(OwnedEvent::from(event)),
                Ok(None) => break,
                Err(error) => return (events, Some(error)),
            }
            assert!(decoder.heap_bytes() <= message_bytes_max as usize + CONTROL_BYTES_MAX);
        }
        assert!(input.is_empty(), "input left over without an event");
        assert!(decoder.heap_bytes() <= message_bytes_max as usize + CONTROL_BYTES_MAX);
        assert!(!decoder.is_between_messages() || decoder.heap_bytes() == 0, "memory kept between messages");
    }
    let closes = events.iter().position(|event| matches!(event, OwnedEvent::Close(_)));
    assert!(closes.is_none_or(|at| at + 1 == events.len()), "an event after the close frame");
    (events, None)
}

/// Any bytes, in any reads, give the same events and the same error. The first two bytes choose role, limit and
/// reads; the rest is the stream.
pub fn fuzz_decode(data: &[u8]) {
    let Some((&[setup, read], stream)) = data.split_first_chunk::<2>() else { return };
    let role = if setup & 1 == 0 { Role::Server } else { Role::Client };
    let message_bytes_max = 1 << (setup >> 4);
    let whole = decode_in_reads(role, message_bytes_max, stream, &[usize::MAX]);
    let bytewise = decode_in_reads(role, message_bytes_max, stream, &[1]);
    let ragged =
        decode_in_reads(role, message_bytes_max, stream, &[usize::from(read), 1, 7, usize::from(read >> 3)]);
    assert_eq!(whole, bytewise);
    assert_eq!(whole, ragged);
    if let (_, Some(error)) = whole {
        assert!(matches!(error.close_code(), 1002 | 1007 | 1009));
    }
}

/// Any bytes as an upgrade request or as the answer to one are refused, accepted or incomplete, never a panic.
pub fn fuzz_handshake(data: &[u8]) {
    if let Ok(Some(head)) = Head::parse(data) {
        assert!(head.len <= data.len());
        let _ = Upgrade::check(&http::Method::GET, http::Version::HTTP_11, &head.headers[..]);
    }
    if let Ok(Some(len)) = check_response(data, "dGhlIHNhbXBsZSBub25jZQ==") {
        assert!(len <= data.len());
    }
}
