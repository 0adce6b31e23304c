//! The golden vectors, see `vectors/README.md`.

use std::{fs, path::Path};

use loquat_protocol::{
    ErrorInfo, Format, ProtocolMessage,
    codec::lenient::{Envelope, envelope},
};
use serde::{Deserialize, de::DeserializeOwned};

#[derive(Deserialize)]
struct File<V> {
    vectors: Vec<V>,
}

#[derive(Deserialize)]
struct Spellings {
    json: String,
    msgpack: String,
}

#[derive(Deserialize)]
struct FrameVector {
    name: String,
    #[serde(flatten)]
    sent: Spellings,
    canonical: Spellings,
}

#[derive(Deserialize)]
struct RefusedVector {
    name: String,
    code: u32,
    json: Option<String>,
    msgpack: Option<String>,
    envelope: Option<ExpectedEnvelope>,
}

#[derive(Deserialize, Clone, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExpectedEnvelope {
    action: Option<u64>,
    msg_serial: Option<i64>,
    channel: Option<String>,
}

fn vectors<V: DeserializeOwned>(file: &str) -> Vec<V> {
    let path =
        Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("vectors").join(file);
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: File<V> =
        serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!file.vectors.is_empty());
    file.vectors
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    assert!(digits.len().is_multiple_of(2));
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a frame as the connection does: decode, then bring the payloads into the form in which they are held.
fn read(format: Format, input: &[u8]) -> Result<ProtocolMessage, ErrorInfo> {
    let mut frame: ProtocolMessage = format.decode(input)?;
    frame.messages.iter_mut().try_for_each(|message| message.normalise())?;
    frame.presence.iter_mut().try_for_each(|presence| presence.normalise())?;
    Ok(frame)
}

fn check_frames(file: &str) {
    for FrameVector { name, sent, canonical } in vectors(file) {
        let frame =
            read(Format::Json, sent.json.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let other =
            read(Format::Msgpack, &bytes(&sent.msgpack)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(frame, other, "{name}: the spellings differ");
        assert_eq!(String::from_utf8(Format::Json.encode(&frame)).unwrap(), canonical.json, "{name}");
        assert_eq!(hex(&Format::Msgpack.encode(&frame)), canonical.msgpack, "{name}");
        assert_eq!(read(Format::Json, canonical.json.as_bytes()).as_ref(), Ok(&frame), "{name}");
        assert_eq!(read(Format::Msgpack, &bytes(&canonical.msgpack)).as_ref(), Ok(&frame), "{name}");
    }
}

#[test]
fn connection() {
    check_frames("connection.json");
}

#[test]
fn channel() {
    check_frames("channel.json");
}

#[test]
fn message() {
    check_frames("message.json");
}

#[test]
fn presence() {
    check_frames("presence.json");
}

#[test]
fn tolerated() {
    check_frames("tolerated.json");
}

#[test]
fn refused() {
    for vector in vectors::<RefusedVector>("refused.json") {
        let json = vector.json.map(|text| (Format::Json, text.into_bytes()));
        let msgpack = vector.msgpack.map(|hex| (Format::Msgpack, bytes(&hex)));
        assert!(json.is_some() || msgpack.is_some(), "{}", vector.name);
        for (format, input) in json.into_iter().chain(msgpack) {
            let code = read(format, &input).map_err(|error| error.code);
            assert_eq!(code, Err(vector.code), "{} in {format:?}", vector.name);
            if let Some(ExpectedEnvelope { action, msg_serial, channel }) = vector.envelope.clone() {
                let expected = Some(Envelope { action, msg_serial, channel });
                assert_eq!(envelope(format, &input), expected, "{} in {format:?}", vector.name);
            }
        }
    }
}
