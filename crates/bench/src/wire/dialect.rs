//! How the generator speaks to what it measures: the realtime protocol in one of its two formats, or the bare loop.

use rmp::encode as msgpack;
use serde_json::json;

use crate::wire::control::{FLAG_ATTACH_RESUME, action};
use crate::wire::frame::{self, opcode};

/// Wire format of the realtime protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// msgpack in binary frames.
    #[default]
    Msgpack,
    /// JSON in text frames.
    Json,
}

/// Whom the generator speaks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A server of the realtime protocol.
    Realtime {
        /// Wire format.
        format: Format,
        /// `app.key:secret`.
        key: String,
    },
    /// A bare loop: the channel is in the path, a publish is the payload that the members get.
    Bare {
        /// Bytes of one delivered frame, header included.
        frame_bytes: usize,
    },
}

/// What a connection resumes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// connectionKey of the CONNECTED before the drop.
    pub key: String,
    /// channelSerial of the last ATTACHED or MESSAGE before the drop.
    pub serial: String,
}

/// The name of channel `index`.
pub fn channel_name(index: u32) -> String {
    format!("bench:{index:06x}")
}

impl Dialect {
    /// The path to upgrade for a subscriber of `channel`, or for a publisher.
    pub fn path(&self, channel: Option<u32>, echo: bool, resume: Option<&Resume>) -> String {
        match (self, channel) {
            (Dialect::Realtime { format, key }, _) => {
                let format = match format {
                    Format::Msgpack => "msgpack",
                    Format::Json => "json",
                };
                let echo = if echo { "" } else { "&echo=false" };
                let resume = resume.map(|resume| format!("&resume={}", resume.key)).unwrap_or_default();
                format!("/?key={key}&v=6&format={format}&heartbeats=true{echo}{resume}")
            }
            (Dialect::Bare { .. }, Some(channel)) => format!("/member/{channel}"),
            (Dialect::Bare { .. }, None) => "/publisher".to_owned(),
        }
    }

    /// True if a connection has to be CONNECTED and, as a subscriber, ATTACHED before it counts as ready.
    pub fn has_sessions(&self) -> bool {
        matches!(self, Dialect::Realtime { .. })
    }

    /// Appends an ATTACH, from `serial` on if there is one.
    pub fn push_attach(&self, out: &mut Vec<u8>, channel: u32, serial: Option<&str>) {
        let Dialect::Realtime { format, .. } = self else { return };
        let name = channel_name(channel);
        match format {
            Format::Json => {
                let mut message = json!({"action": action::ATTACH, "channel": name});
                if let Some(serial) = serial {
                    message["channelSerial"] = serial.into();
                    message["flags"] = FLAG_ATTACH_RESUME.into();
                }
                frame::push_client(out, opcode::TEXT, message.to_string().as_bytes());
            }
            Format::Msgpack => {
                let mut body = Map::with(if serial.is_some() { 4 } else { 2 });
                body.number("action", action::ATTACH.into()).text("channel", &name);
                if let Some(serial) = serial {
                    body.text("channelSerial", serial).number("flags", FLAG_ATTACH_RESUME);
                }
                frame::push_client(out, opcode::BINARY, &body.bytes);
            }
        }
    }

    /// Appends a publish of one or more messages that carry `data`.
    pub fn push_publish(&self, out: &mut Vec<u8>, channel: u32, msg_serial: u64, data: &[String]) {
        match self {
            Dialect::Realtime { format: Format::Json, .. } => {
                let messages: Vec<_> = data.iter().map(|data| json!({"name": "b", "data": data})).collect();
                let message = json!({"action": action::MESSAGE, "channel": channel_name(channel),
                    "msgSerial": msg_serial, "messages": messages});
                frame::push_client(out, opcode::TEXT, message.to_string().as_bytes());
            }
            Dialect::Realtime { format: Format::Msgpack, .. } => {
                let mut body = Map::with(4);
                body.number("action", action::MESSAGE.into()).text("channel", &channel_name(channel));
                body.number("msgSerial", msg_serial).list("messages", data.len());
                for data in data {
                    body.map(2).text("name", "b").text("data", data);
                }
                frame::push_client(out, opcode::BINARY, &body.bytes);
            }
            Dialect::Bare { frame_bytes } => {
                let size = frame::payload_size(*frame_bytes);
                for data in data {
                    let mut payload = data.clone().into_bytes();
                    payload.resize(size.max(crate::wire::marker::LENGTH), b'x');
                    frame::push_client(out, opcode::BINARY, &payload);
                }
            }
        }
    }
}

/// A msgpack map under construction; writing to memory cannot fail, so results are dropped in one place.
struct Map {
    bytes: Vec<u8>,
}

impl Map {
    fn with(fields: u32) -> Self {
        let mut map = Map { bytes: Vec::with_capacity(256) };
        map.map(fields);
        map
    }

    fn map(&mut self, fields: u32) -> &mut Self {
        let _ = msgpack::write_map_len(&mut self.bytes, fields);
        self
    }

    fn number(&mut self, name: &str, value: u64) -> &mut Self {
        let _ = msgpack::write_str(&mut self.bytes, name);
        let _ = msgpack::write_uint(&mut self.bytes, value);
        self
    }

    fn text(&mut self, name: &str, value: &str) -> &mut Self {
        let _ = msgpack::write_str(&mut self.bytes, name);
        let _ = msgpack::write_str(&mut self.bytes, value);
        self
    }

    fn list(&mut self, name: &str, items: usize) -> &mut Self {
        let _ = msgpack::write_str(&mut self.bytes, name);
        let _ = msgpack::write_array_len(&mut self.bytes, items as u32);
        self
    }
}
