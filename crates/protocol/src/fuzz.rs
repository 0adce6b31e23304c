//! Entry points for the fuzzer: each takes arbitrary bytes and panics if a promise of this crate is broken.
//!
//! For whatever decodes, encoding and decoding again changes nothing, in either format; and what has gone through
//! [`ProtocolMessage`]'s payload rules is the same through JSON as through msgpack.

use std::collections::BTreeMap;

use crate::{
    Capability, ChannelName, Format, MessageSerial, Operation, ProtocolMessage, Serial,
    codec::{DEPTH_MAX, lenient::envelope},
    entry::{EntryKind, decode_header, decode_messages, decode_presence, encode_messages, encode_presence},
    params::{ChannelParams, REWIND_COUNT_MAX, REWIND_MS_MAX, Rewind},
};

/// Any bytes as a JSON frame.
pub fn fuzz_json_frame(data: &[u8]) {
    check_frame(Format::Json, data);
}

/// Any bytes as a msgpack frame.
pub fn fuzz_msgpack_frame(data: &[u8]) {
    check_frame(Format::Msgpack, data);
}

fn check_frame(format: Format, data: &[u8]) {
    // What can be learned of a frame that does not read is learned without a panic.
    let _ = envelope(format, data);
    let mut frame = match format.decode::<ProtocolMessage>(data) {
        Ok(frame) => frame,
        Err(error) => {
            assert_eq!(error.code, 40000, "a frame that cannot be read is a bad request");
            return;
        }
    };
    check_envelope(format, &frame);
    // Read and forgotten: it is never sent out.
    frame.messages.iter_mut().for_each(|message| message.connection_key = None);
    assert_eq!(through(format, &frame), frame, "not the same after a round trip");

    let payloads = frame.messages.iter_mut().map(|message| message.normalise());
    let presence = frame.presence.iter_mut().map(|presence| presence.normalise());
    if payloads.chain(presence).all(|normalised| normalised.is_ok()) {
        for other in Format::ALL {
            let mut read = through(other, &frame);
            read.messages.iter_mut().for_each(|message| message.normalise().expect("normal before"));
            read.presence.iter_mut().for_each(|presence| presence.normalise().expect("normal before"));
            assert_eq!(read, frame, "the formats disagree");
        }
    }
}

/// The decoders also read fields by place (an array, or numbers for names), where frame and envelope count
/// differently; so what the envelope says is held against the spelling by names.
fn check_envelope(format: Format, frame: &ProtocolMessage) {
    let read = envelope(format, &format.encode(frame)).expect("a frame that reads has an envelope");
    assert_eq!((read.msg_serial, &read.channel), (frame.msg_serial, &frame.channel));
}

fn through(format: Format, frame: &ProtocolMessage) -> ProtocolMessage {
    format.decode(&format.encode(frame)).unwrap_or_else(|error| panic!("{format:?} of {frame:?}: {error}"))
}

/// Any bytes as a log entry.
pub fn fuzz_entry(data: &[u8]) {
    let Ok(header) = decode_header(data) else { return };
    let channel = header.channel_id();
    let again = match header.kind {
        EntryKind::Message => decode_messages(header.payload).map(|mut payload| {
            payload.messages.iter_mut().for_each(|message| message.connection_key = None);
            let bytes = encode_messages(&channel, &payload);
            let header = decode_header(&bytes).expect("an entry just made");
            assert_eq!(decode_messages(header.payload).as_ref(), Ok(&payload));
            bytes.clone()
        }),
        EntryKind::Presence => decode_presence(header.payload).map(|payload| {
            let bytes = encode_presence(&channel, &payload);
            let header = decode_header(&bytes).expect("an entry just made");
            assert_eq!(decode_presence(header.payload).as_ref(), Ok(&payload));
            bytes.clone()
        }),
    };
    if let Ok(bytes) = again {
        let again = decode_header(&bytes).expect("an entry just made");
        assert_eq!((again.kind, again.app, again.channel), (header.kind, header.app, header.channel));
    }
}

/// Any bytes as two capabilities and a channel, separated by line feeds.
pub fn fuzz_capability(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\n');
    let mut next = || parts.next().unwrap_or_default();
    let (first, second, channel) = (Capability::parse(next()), Capability::parse(next()), next());
    let Ok(first) = first else { return };
    let canonical = first.to_string();
    assert_eq!(Capability::parse(&canonical).as_ref(), Ok(&first));
    assert_eq!(first.intersect(&Capability::everything()).operations(channel), first.operations(channel));
    let Ok(second) = second else { return };
    let both = first.intersect(&second);
    assert_eq!(both, second.intersect(&first));
    assert_eq!(both.operations(channel), first.operations(channel) & second.operations(channel));
    assert_eq!(
        both.permits(channel, Operation::Publish),
        both.operations(channel).contains(Operation::Publish)
    );
}

/// Any bytes as a serial, a message's serial and a channel's name.
pub fn fuzz_serial(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(serial) = text.parse::<Serial>() {
        assert_eq!(serial.to_string(), text);
    }
    if let Ok(serial) = text.parse::<MessageSerial>() {
        assert_eq!(serial.to_string(), text);
    }
    match ChannelName::parse(text) {
        Ok(name) => assert_eq!(name.as_str(), text),
        Err(error) => assert_eq!(error.code, 40010),
    }
}

/// Any bytes as channel params: a JSON object, or the value of each param there is.
pub fn fuzz_params(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let each = ["modes", "rewind", "rewindLimit", "echo", "unknown"]
        .map(|name| BTreeMap::from([(name.to_owned(), text.clone())]));
    let object = serde_json::from_slice::<BTreeMap<String, String>>(data).ok();
    for params in each.into_iter().chain(object) {
        match ChannelParams::parse(&params) {
            Ok(parsed) => {
                assert!(parsed.recognised.iter().all(|(name, value)| params.get(name) == Some(value)));
                assert!(!parsed.recognised.contains_key("unknown"));
                match parsed.rewind {
                    Some(Rewind::Count(count)) => assert!(count <= REWIND_COUNT_MAX),
                    Some(Rewind::Span { ms, .. }) => assert!(ms <= REWIND_MS_MAX),
                    None => {}
                }
            }
            Err(error) => assert_eq!(error.code, 40000),
        }
    }
}

/// Deep nesting, for corpora: `levels` arrays in each other as an unknown field of a frame.
pub fn nested_frame(format: Format, levels: usize) -> Vec<u8> {
    match format {
        Format::Json => format!(r#"{{"x":{}{}}}"#, "[".repeat(levels), "]".repeat(levels)).into_bytes(),
        Format::Msgpack => [b"\x81\xa1x".as_slice(), &vec![0x91; levels], b"\xc0"].concat(),
    }
}

const _: () = assert!(DEPTH_MAX >= 32, "chat payloads nest");
