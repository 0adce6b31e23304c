//! What a decoder holds on to, and when.

use loquat_ws::{CONTROL_BYTES_MAX, Decoder, Event, Role};

fn feed(decoder: &mut Decoder, bytes: &[u8]) -> usize {
    let mut bytes = bytes.to_vec();
    let mut input = &mut bytes[..];
    let mut events = 0;
    while decoder.decode(&mut input).expect("valid").is_some() {
        events += 1;
    }
    events
}

#[test]
fn whole_messages_are_lent_out_of_the_read_buffer() {
    let mut read = *b"\x82\x03abc\x81\x02de\x89\x01f";
    let range = read.as_ptr_range();
    let mut decoder = Decoder::new(Role::Client, 100);
    let mut input = &mut read[..];
    for _ in 0..3 {
        let payload = match decoder.decode(&mut input).expect("valid").expect("an event") {
            Event::Text(text) => text.as_bytes(),
            Event::Binary(bytes) | Event::Ping(bytes) => bytes,
            other => panic!("unexpected {other:?}"),
        };
        assert!(range.contains(&payload.as_ptr()));
        assert_eq!(decoder.heap_bytes(), 0);
    }
    assert_eq!(decoder.decode(&mut input), Ok(None));
}

#[test]
fn a_header_cut_in_two_needs_no_heap() {
    let mut decoder = Decoder::new(Role::Server, 100_000);
    assert_eq!(feed(&mut decoder, b"\x82\xFF\0\0\0\0\0\x01\0\0\x01\x02\x03"), 0);
    assert_eq!(decoder.heap_bytes(), 0);
    assert!(!decoder.is_between_messages());
}

#[test]
fn a_buffer_is_given_back_once_its_message_was_seen() {
    let mut decoder = Decoder::new(Role::Client, 1000);
    assert_eq!(feed(&mut decoder, b"\x82\x04ab"), 0);
    assert_eq!(decoder.heap_bytes(), 4, "a frame that ends its message is buffered exactly");
    assert_eq!(feed(&mut decoder, b"cd\x81\x00"), 2);
    assert_eq!(decoder.heap_bytes(), 0);
    assert!(decoder.is_between_messages());

    assert_eq!(feed(&mut decoder, b"\x89\x04ab"), 0);
    assert_eq!(decoder.heap_bytes(), 4);
    assert_eq!(feed(&mut decoder, b"cd"), 1);
    assert_eq!(decoder.heap_bytes(), 0);
}

#[test]
fn a_split_ping_leaves_the_message_around_it_alone() {
    let mut decoder = Decoder::new(Role::Client, 1000);
    assert_eq!(feed(&mut decoder, b"\x01\x02ab\x89\x03p"), 0);
    assert_eq!(feed(&mut decoder, b"ng"), 1);
    let mut rest = *b"\x80\x01c";
    assert_eq!(decoder.decode(&mut &mut rest[..]), Ok(Some(Event::Text("abc"))));
}

#[test]
fn many_small_fragments_grow_the_buffer_by_doubling_and_never_past_the_limit() {
    const LIMIT: u32 = 100_000;
    let mut decoder = Decoder::new(Role::Client, LIMIT);
    assert_eq!(feed(&mut decoder, b"\x02\x00"), 0);
    let mut growths = 0;
    for _ in 0..LIMIT {
        let before = decoder.heap_bytes();
        // A ping in two reads after each fragment, so that both kinds share the buffer.
        assert_eq!(feed(&mut decoder, b"\x00\x01x\x89\x02a"), 0);
        assert_eq!(feed(&mut decoder, b"b"), 1);
        growths += usize::from(decoder.heap_bytes() != before);
        assert!(decoder.heap_bytes() <= LIMIT as usize + CONTROL_BYTES_MAX);
    }
    assert!(growths < 20, "{growths} growths");
    assert_eq!(feed(&mut decoder, b"\x80\x00"), 1);
    assert_eq!(decoder.heap_bytes(), 0);
}

#[test]
fn an_error_gives_the_buffer_back() {
    let mut decoder = Decoder::new(Role::Client, 1000);
    assert_eq!(feed(&mut decoder, b"\x02\x02ab"), 0);
    assert!(decoder.heap_bytes() > 0);
    let mut bad = [0xFF];
    assert!(decoder.decode(&mut &mut bad[..]).is_err());
    assert_eq!(decoder.heap_bytes(), 0);
}
