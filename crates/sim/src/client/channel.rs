//! A channel, as a client sees it.

use crate::presence::View;

/// Where an attachment stands, as the client sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum State {
    /// Not attached.
    #[default]
    Detached,
    /// ATTACH is sent or will be when there is a connection.
    Attaching,
    /// ATTACHED has come.
    Attached,
    /// DETACH is sent.
    Detaching,
}

/// What came between two losses of continuity.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// The sequence number that ATTACHED gave: everything after it was promised.
    pub start: u64,
    /// A rewind may have left out the beginning of the first entry.
    pub rewound: bool,
    /// What was received: sequence number and message texts.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// A channel of a client.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    /// Where the attachment stands.
    pub state: State,
    /// The last channelSerial.
    pub serial: Option<String>,
    /// What the client asked for with the attach.
    pub rewind: Option<u32>,
    /// What was received, by stretches of continuity; the last one goes on while attached.
    pub spans: Vec<Span>,
    /// Who the client thinks is there.
    pub view: View,
    /// What the client has entered with, if it has.
    pub entered: Option<String>,
}
