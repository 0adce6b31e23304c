//! Whatever is sent, however it is fragmented and cut into reads, the same events come out.

use loquat_ws::fuzz::{OwnedEvent, decode_in_reads, fuzz_decode, fuzz_handshake};
use loquat_ws::{Decoder, FrameHeader, Opcode, Role, apply_mask, close_payload};
use proptest::collection::vec;
use proptest::prelude::*;

const LIMIT: u32 = 4096;

/// A message and how to send it: where it is cut into fragments, and pings to put between them.
#[derive(Debug, Clone)]
struct Sent {
    event: OwnedEvent,
    cuts: Vec<usize>,
    pings: Vec<Vec<u8>>,
}

fn any_event() -> impl Strategy<Value = OwnedEvent> {
    prop_oneof![
        4 => "\\PC{0,300}".prop_map(OwnedEvent::Text),
        4 => vec(any::<u8>(), 0..2000).prop_map(OwnedEvent::Binary),
        1 => vec(any::<u8>(), 0..=125).prop_map(OwnedEvent::Ping),
        1 => vec(any::<u8>(), 0..=125).prop_map(OwnedEvent::Pong),
    ]
}

fn any_sent() -> impl Strategy<Value = Sent> {
    (any_event(), vec(0..2000usize, 0..4), vec(vec(any::<u8>(), 0..=125), 0..3))
        .prop_map(|(event, cuts, pings)| Sent { event, cuts, pings })
}

/// Writes frames as an endpoint that talks to `to` would, with a new key for each.
struct Writer {
    to: Role,
    key: u32,
    stream: Vec<u8>,
    expected: Vec<OwnedEvent>,
}

impl Writer {
    fn frame(&mut self, opcode: Opcode, fin: bool, payload: &[u8]) {
        self.key = self.key.wrapping_mul(0x9E37_79B1).wrapping_add(1);
        let mask = (self.to == Role::Server).then(|| self.key.to_be_bytes());
        FrameHeader { opcode, fin, len: payload.len() as u64, mask }.write(&mut self.stream);
        let at = self.stream.len();
        self.stream.extend_from_slice(payload);
        if let Some(key) = mask {
            apply_mask(&mut self.stream[at..], key);
        }
    }

    fn fragmented(&mut self, opcode: Opcode, payload: &[u8], sent: &Sent) {
        let mut cuts: Vec<usize> = sent.cuts.iter().map(|cut| (*cut).min(payload.len())).collect();
        cuts.sort_unstable();
        let mut pings = sent.pings.iter();
        let mut from = 0;
        for (i, &cut) in cuts.iter().enumerate() {
            self.frame(if i == 0 { opcode } else { Opcode::Continuation }, false, &payload[from..cut]);
            from = cut;
            if let Some(ping) = pings.next() {
                self.frame(Opcode::Ping, true, ping);
                self.expected.push(OwnedEvent::Ping(ping.clone()));
            }
        }
        self.frame(if cuts.is_empty() { opcode } else { Opcode::Continuation }, true, &payload[from..]);
    }

    fn send(&mut self, sent: &Sent) {
        match &sent.event {
            OwnedEvent::Text(text) => self.fragmented(Opcode::Text, text.as_bytes(), sent),
            OwnedEvent::Binary(bytes) => self.fragmented(Opcode::Binary, bytes, sent),
            OwnedEvent::Ping(bytes) => self.frame(Opcode::Ping, true, bytes),
            OwnedEvent::Pong(bytes) => self.frame(Opcode::Pong, true, bytes),
            OwnedEvent::Close(None) => self.frame(Opcode::Close, true, &[]),
            OwnedEvent::Close(Some((code, why))) => {
                self.frame(Opcode::Close, true, &close_payload(*code, why));
            }
        }
        self.expected.push(sent.event.clone());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_same_events_come_out(
        messages in vec(any_sent(), 0..8),
        closes in any::<bool>(),
        to_server in any::<bool>(),
        key in any::<u32>(),
        reads in vec(1..600usize, 1..12),
    ) {
        let to = if to_server { Role::Server } else { Role::Client };
        let mut writer = Writer { to, key, stream: Vec::new(), expected: Vec::new() };
        messages.iter().for_each(|sent| writer.send(sent));
        if closes {
            let event = OwnedEvent::Close(Some((4000, "done".to_owned())));
            writer.send(&Sent { event, cuts: vec![], pings: vec![] });
        }
        for reads in [&reads[..], &[1], &[usize::MAX]] {
            let (events, error) = decode_in_reads(to, LIMIT, &writer.stream, reads);
            prop_assert_eq!(error, None);
            prop_assert_eq!(&events, &writer.expected);
        }
    }

    #[test]
    fn a_damaged_stream_gives_the_same_in_any_reads(
        messages in vec(any_sent(), 1..5),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        setup in any::<[u8; 2]>(),
    ) {
        let to = if setup[0] & 1 == 0 { Role::Server } else { Role::Client };
        let mut writer = Writer { to, key: 1, stream: setup.to_vec(), expected: Vec::new() };
        messages.iter().for_each(|sent| writer.send(sent));
        for (at, byte) in damage {
            let at = 2 + at.index(writer.stream.len() - 2);
            writer.stream[at] = byte;
        }
        fuzz_decode(&writer.stream);
    }

    #[test]
    fn arbitrary_bytes_never_panic(data in vec(any::<u8>(), 0..600)) {
        fuzz_decode(&data);
        fuzz_handshake(&data);
    }

    #[test]
    fn memory_follows_what_was_sent_not_what_was_announced(
        announced in 126..60_000u16,
        sent in 0..5000usize,
        fin in any::<bool>(),
    ) {
        let mut decoder = Decoder::new(Role::Client, 60_000);
        let [high, low] = announced.to_be_bytes();
        let sent = sent.min(usize::from(announced) - 1);
        let mut stream = vec![if fin { 0x82 } else { 0x02 }, 126, high, low];
        stream.resize(4 + sent, 0);
        for chunk in stream.chunks_mut(7) {
            prop_assert_eq!(decoder.decode(&mut &mut *chunk), Ok(None));
            prop_assert!(decoder.heap_bytes() <= (2 * sent).max(512));
        }
    }
}
