//! Frames as transcripts write them.

use bytes::Bytes;
use loquat_protocol::{Action, Data, Format, Message, ProtocolMessage};

/// A JSON array of texts or messages, or one text.
pub fn messages(text: &str) -> Vec<Message> {
    let array = if text.starts_with('[') { text.to_owned() } else { format!("[{text}]") };
    if let Ok(texts) = Format::Json.decode::<Vec<String>>(array.as_bytes()) {
        let message = |text| Message { data: Data::Text(text), ..Message::default() };
        return texts.into_iter().map(message).collect();
    }
    Format::Json.decode(array.as_bytes()).unwrap_or_else(|error| panic!("{array}: {error}"))
}

/// `{json}`, or `ACTION [channel] [msgSerial] [{json} or [messages or members]]`, in the client's format.
pub fn encode(format: Format, line: &str) -> Bytes {
    let mut frame: ProtocolMessage = match line.find(" {").or(line.starts_with('{').then_some(0)) {
        Some(at) if !line.contains(" [") || line.find(" [") > Some(at) => Format::Json
            .decode(line[at..].trim().as_bytes())
            .unwrap_or_else(|error| panic!("{line}: {error}")),
        _ => ProtocolMessage::default(),
    };
    if !line.starts_with('{') {
        let body = line.find(" [").map(|at| &line[at + 1..]).filter(|_| frame == ProtocolMessage::default());
        let head = line.split(" [").next().unwrap_or_default().split(" {").next().unwrap_or_default();
        let mut words = head.split(' ');
        let action = words.next().unwrap_or_default();
        frame.action = (0..22)
            .find(|n| {
                Action::from_number(*n).is_some_and(|known| format!("{known:?}").to_uppercase() == action)
            })
            .unwrap_or_else(|| panic!("no action {action}"));
        frame.channel = words.next().map(str::to_owned).or(frame.channel.take());
        frame.msg_serial = words.next().map(|text| text.parse().expect("a msgSerial")).or(frame.msg_serial);
        match body {
            Some(body) if action == "PRESENCE" => {
                frame.presence =
                    Format::Json.decode(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"));
            }
            Some(body) => frame.messages = messages(body),
            None => {}
        }
    }
    if let Some(short) = frame.channel_serial.as_deref().and_then(|text| text.strip_prefix('@')) {
        frame.channel_serial =
            Some(format!("0001-{:016x}", short.parse::<u64>().expect("@<sequence number>")));
    }
    Bytes::from(format.encode(&frame))
}
