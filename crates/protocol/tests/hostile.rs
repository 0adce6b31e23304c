//! What a hostile peer can make the decoders allocate or recurse: bounded by what it sent, not by what it declares.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use loquat_protocol::{
    Capability, Format, ProtocolMessage,
    codec::{DEPTH_MAX, lenient::envelope},
    entry::{EntryError, decode_header, decode_messages, decode_presence},
    fuzz::nested_frame,
};

/// Counts what the current thread has asked for, in bytes.
struct Counting;

thread_local! {
    static ASKED_FOR: Cell<usize> = const { Cell::new(0) };
}

fn count(bytes: usize) {
    // Not available while a thread ends; nothing is measured then.
    let _ = ASKED_FOR.try_with(|asked| asked.set(asked.get() + bytes));
}

// SAFETY: every call is passed on to the system allocator as it came; counting neither allocates nor touches memory
// that is handed out.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps `alloc`'s contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.saturating_sub(layout.size()));
        // SAFETY: the pointer came from `System` with this layout.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocated_by<T>(act: impl FnOnce() -> T) -> (T, usize) {
    let before = ASKED_FOR.get();
    let result = act();
    (result, ASKED_FOR.get() - before)
}

/// What one decoding of a tiny hostile input may allocate: up to 1 MiB is reserved for a list before its elements
/// are seen, and the lists of a frame are two deep.
const TINY_INPUT_BYTES_MAX: usize = (2 << 20) + 4096;

fn refused(format: Format, input: &[u8]) -> usize {
    let (frame, frame_bytes) = allocated_by(|| format.decode::<ProtocolMessage>(input));
    assert_eq!(frame.map_err(|error| error.code), Err(40000));
    let (_, envelope_bytes) = allocated_by(|| envelope(format, input));
    frame_bytes.max(envelope_bytes)
}

#[test]
fn declared_lengths_are_not_believed() {
    let field = |name: &str, value: &[u8]| {
        [&[0x82, 0xa6], "action".as_bytes(), &[15, 0xa0 | name.len() as u8], name.as_bytes(), value].concat()
    };
    let message_field = |name: &str, value: &[u8]| {
        let message = [&[0x91, 0x81, 0xa0 | name.len() as u8], name.as_bytes(), value].concat();
        field("messages", &message)
    };
    let nested = b"\xdd\xff\xff\xff\xff".repeat(60);
    let lengths: [&[u8]; 7] = [
        &nested,
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xc9\xff\xff\xff\xff\x01",
        b"\xdd\xff\xff\xff\xff\xdd\xff\xff\xff\xff",
    ];
    for value in lengths {
        let mut inputs = vec![value.to_vec()];
        inputs.extend(
            ["messages", "presence", "res", "params", "channel", "flags", "error", "auth", "x"]
                .map(|name| field(name, value)),
        );
        inputs.extend(["data", "name", "extras", "x"].map(|name| message_field(name, value)));
        for input in inputs {
            let bytes = refused(Format::Msgpack, &input);
            assert!(bytes < TINY_INPUT_BYTES_MAX, "{bytes} bytes for {input:x?}");
        }
    }
}

#[test]
fn memory_is_in_proportion_to_the_input() {
    let inputs = [
        [b"{\"messages\":[".as_slice(), "{},".repeat(20_000).as_bytes(), b"{}]}"].concat(),
        [b"{\"x\":[".as_slice(), "[],".repeat(20_000).as_bytes(), b"[]]}"].concat(),
        [b"{\"messages\":[{\"extras\":[".as_slice(), "{},".repeat(20_000).as_bytes(), b"{}]}]}"].concat(),
        [b"{\"channel\":\"".as_slice(), "\\u0041".repeat(10_000).as_bytes(), b"\"}"].concat(),
    ];
    for input in inputs {
        let (frame, bytes) = allocated_by(|| Format::Json.decode::<ProtocolMessage>(&input));
        assert!(frame.is_ok());
        // An empty message is three bytes on the wire and a struct in memory; lists double as they grow.
        assert!(bytes < 400 * input.len(), "{bytes} bytes for {} sent", input.len());
        assert!(envelope(Format::Json, &input).is_some());
    }
}

#[test]
fn nesting_has_one_bound_in_both_formats() {
    for format in Format::ALL {
        // One level is the frame itself.
        assert!(format.decode::<ProtocolMessage>(&nested_frame(format, DEPTH_MAX - 1)).is_ok(), "{format:?}");
        for levels in [DEPTH_MAX, DEPTH_MAX + 1, 1000, 200_000] {
            let input = nested_frame(format, levels);
            assert_eq!(
                format.decode::<ProtocolMessage>(&input).unwrap_err().code,
                40000,
                "{format:?} {levels}"
            );
            assert_eq!(envelope(format, &input), None, "{format:?} {levels}");
        }
    }
}

/// Deep payloads too, on both ways into memory: as a value and as something to be skipped.
#[test]
fn nesting_within_payloads_is_bounded() {
    for field in ["data", "extras", "later"] {
        for open in ["[", "{\"a\":"] {
            let close = if open == "[" { "]" } else { "}" };
            let text = |levels: usize| {
                let nested = format!("{}1{}", open.repeat(levels), close.repeat(levels));
                format!(r#"{{"action":15,"channel":"a","messages":[{{"{field}":{nested}}}]}}"#)
            };
            assert!(
                Format::Json.decode::<ProtocolMessage>(text(DEPTH_MAX - 3).as_bytes()).is_ok(),
                "{field}"
            );
            assert!(
                Format::Json.decode::<ProtocolMessage>(text(DEPTH_MAX - 2).as_bytes()).is_err(),
                "{field}"
            );
            assert!(Format::Json.decode::<ProtocolMessage>(text(100_000).as_bytes()).is_err(), "{field}");
        }
    }
    // Brackets within a text are no nesting.
    let brackets = format!(r#"{{"action":15,"messages":[{{"data":"\"{}"}}]}}"#, "[{".repeat(1000));
    assert!(Format::Json.decode::<ProtocolMessage>(brackets.as_bytes()).is_ok());
}

#[test]
fn capabilities_and_entries_bear_the_same() {
    assert!(Capability::parse(&"[".repeat(100_000)).is_err());
    assert!(Capability::parse(&"{\"a\":".repeat(100_000)).is_err());
    for payload in [b"\x81\xa1m\xdd\xff\xff\xff\xff".as_slice(), b"\xdf\xff\xff\xff\xff", &[0x91; 5000]] {
        let entry = [b"\x01\0\0\0\0\x01\x03app\0\x04chat".as_slice(), payload].concat();
        let header = decode_header(&entry).unwrap();
        let ((messages, presence), bytes) =
            allocated_by(|| (decode_messages(header.payload), decode_presence(header.payload)));
        assert_eq!((messages, presence), (Err(EntryError::Damaged), Err(EntryError::Damaged)));
        assert!(bytes < 2 * TINY_INPUT_BYTES_MAX, "{bytes} bytes");
    }
}
