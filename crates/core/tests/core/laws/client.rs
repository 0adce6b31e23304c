//! A client of a random history, and what it sees.

use std::collections::BTreeMap;

use loquat_core::Slot;
use loquat_protocol::{Action, Data, Flags, PresenceAction, ProtocolMessage, Serial};

use super::history::CHANNELS;

/// What came between an ATTACHED that was not RESUMED and the next, or the end of the attachment.
#[derive(Clone, Debug, Default)]
pub struct Span {
    pub start: u64,
    pub rewound: bool,
    pub goes_on: bool,
    pub rows: Vec<(u64, Vec<String>)>,
}

/// A channel as a client saw it.
#[derive(Default)]
pub struct Seen {
    pub serial: Option<String>,
    pub wanted: bool,
    pub spans: Vec<Span>,
    pub view: BTreeMap<String, String>,
}

/// A client: where it is, what it sent, and what it saw.
pub struct Client {
    pub name: String,
    pub shard: usize,
    pub slot: Slot,
    pub blocked: bool,
    pub sent: i64,
    pub answered: Vec<i64>,
    pub channels: [Seen; 2],
}

impl Client {
    pub fn receive(&mut self, frame: &ProtocolMessage) {
        match frame.action() {
            Some(Action::Ack | Action::Nack) => {
                let (first, count) = (frame.msg_serial.unwrap_or(-1), i64::from(frame.count.unwrap_or(0)));
                self.answered.extend(first..first + count);
            }
            Some(Action::Error) => panic!("{} was sent {frame:?}", self.name),
            _ => {}
        }
        let Some(at) = CHANNELS.iter().position(|name| frame.channel.as_deref() == Some(name)) else {
            return;
        };
        let seen = &mut self.channels[at];
        let seq = frame
            .channel_serial
            .as_ref()
            .and_then(|serial| serial.parse::<Serial>().ok())
            .map(|serial| serial.seq);
        match frame.action() {
            Some(Action::Attached) if seen.wanted => seen.attached(frame, seq.expect("a position")),
            Some(Action::Message) if seen.wanted => {
                let span = seen.spans.last_mut().expect("ATTACHED comes before messages");
                span.rows.push((seq.expect("a position"), rows_of(frame)));
                seen.serial.clone_from(&frame.channel_serial);
            }
            Some(Action::Presence | Action::Sync) => seen.members(frame),
            _ => {}
        }
    }
}

impl Seen {
    fn attached(&mut self, frame: &ProtocolMessage, start: u64) {
        let flags = frame.flags();
        if !flags.contains(Flags::RESUMED) {
            self.spans.iter_mut().for_each(|span| span.goes_on = false);
            let rewound = flags.contains(Flags::HAS_BACKLOG);
            self.spans.push(Span { start, rewound, goes_on: true, rows: Vec::new() });
        }
        self.serial.clone_from(&frame.channel_serial);
        if !flags.contains(Flags::HAS_PRESENCE) {
            self.view.clear();
        }
    }

    /// With few members a SYNC is one page; the order on one connection is that of the changes.
    fn members(&mut self, frame: &ProtocolMessage) {
        if frame.action() == Some(Action::Sync) {
            self.view.clear();
        }
        for event in &frame.presence {
            let name = event.client_id.clone().unwrap_or_default();
            if event.action == PresenceAction::Leave as u8 {
                self.view.remove(&name);
            } else {
                self.view.insert(name, text(&event.data));
            }
        }
    }
}

/// A payload as text.
pub fn text(data: &Data) -> String {
    match data {
        Data::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn rows_of(frame: &ProtocolMessage) -> Vec<String> {
    frame.messages.iter().map(|message| text(&message.data)).collect()
}
