//! One client.

use std::collections::VecDeque;

use crate::measure::tally::Tally;
use crate::wire::control::Control;
use crate::wire::dialect::Resume;

/// How far a client's session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not CONNECTED yet.
    Opening,
    /// CONNECTED, not ATTACHED yet.
    Attaching,
    /// Has what it asked for.
    Ready,
    /// The connection ended.
    Gone,
}

/// A subscriber of one channel, or a publisher that is attached to none.
#[derive(Debug)]
pub struct Peer {
    /// The channel that it subscribes to.
    pub channel: Option<u32>,
    /// How far it is.
    pub phase: Phase,
    /// What it has seen of its channel.
    pub tally: Tally,
    /// The number of its next publish.
    pub msg_serial: u64,
    /// Publishes without an answer: number and time of sending. Bounded by the scenario's window or rate.
    pub in_flight: VecDeque<(u64, u64)>,
    /// What it resumes from, while it does.
    pub resume: Option<Resume>,
    /// Its connectionId.
    pub connection_id: String,
    /// Its connectionKey.
    pub connection_key: String,
    /// The newest channelSerial seen.
    pub serial: String,
    /// The last CONNECTED had the connectionId of the one before.
    pub same_connection: bool,
    /// The last ATTACHED had RESUMED set.
    pub resumed: bool,
    /// Frames received in all.
    pub frames: u64,
}

impl Peer {
    /// A client that has not connected.
    pub fn new(channel: Option<u32>) -> Self {
        Peer {
            channel,
            phase: Phase::Opening,
            tally: Tally::default(),
            msg_serial: 0,
            in_flight: VecDeque::new(),
            resume: None,
            connection_id: String::new(),
            connection_key: String::new(),
            serial: String::new(),
            same_connection: false,
            resumed: false,
            frames: 0,
        }
    }

    /// Remembers what a resume needs.
    pub fn connected(&mut self, control: &Control<'_>) {
        let id = control.connection_id.as_deref().unwrap_or("");
        self.same_connection = self.connection_id == id;
        id.clone_into(&mut self.connection_id);
        if let Some(key) =
            control.connection_details.as_ref().and_then(|details| details.connection_key.as_deref())
        {
            key.clone_into(&mut self.connection_key);
        }
    }

    /// Remembers the channelSerial, if there is one.
    pub fn keep_serial(&mut self, control: &Control<'_>) {
        if let Some(serial) = control.channel_serial.as_deref() {
            serial.clone_into(&mut self.serial);
        }
    }

    /// True if it was not ready before.
    pub fn become_ready(&mut self) -> bool {
        std::mem::replace(&mut self.phase, Phase::Ready) != Phase::Ready
    }

    /// Forgets the session's progress and prepares to resume it on a new connection.
    pub fn prepare_resume(&mut self) {
        self.resume = Some(Resume { key: self.connection_key.clone(), serial: self.serial.clone() });
        self.phase = Phase::Opening;
        self.resumed = false;
        self.same_connection = false;
        self.frames = 0;
        self.msg_serial = 0;
        self.in_flight.clear();
    }
}
