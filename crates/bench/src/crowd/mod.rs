//! The clients of a run: who they are, how far their sessions are, what they have seen.

pub mod assemble;
mod counts;
pub mod peer;

use crate::measure::tally::Totals;
use crate::net::crew::{Crew, Happening, Outbox};
use crate::wire::control::{self, Control, FLAG_RESUMED, action};
use crate::wire::dialect::Dialect;
use crate::wire::frame::Frame;
use crate::wire::marker::{Finder, Marker};
pub use counts::Counts;
use peer::{Peer, Phase};

/// All clients, by connection id.
pub struct Crowd {
    /// How to speak to the measured process.
    pub dialect: Dialect,
    /// The clients.
    pub peers: Vec<Peer>,
    /// What was counted.
    pub counts: Counts,
    /// Remember each delivery's channelSerial (costs a decode per delivery).
    pub keep_serials: bool,
    finder: Finder,
}

impl Crowd {
    /// Nobody yet.
    pub fn new(dialect: Dialect) -> Self {
        Crowd {
            dialect,
            peers: Vec::new(),
            counts: Counts::default(),
            keep_serials: false,
            finder: Finder::default(),
        }
    }

    /// Sends one publish of `data` from client `id`.
    pub fn publish(&mut self, id: usize, channel: u32, data: &[String], now_ns: u64, outbox: &mut Outbox) {
        let peer = &mut self.peers[id];
        self.dialect.push_publish(outbox.to(id), channel, peer.msg_serial, data);
        if self.dialect.has_sessions() {
            peer.in_flight.push_back((peer.msg_serial, now_ns));
            peer.msg_serial += 1;
            self.counts.unanswered += 1;
        }
    }

    /// The accounts of all subscribers, given how many messages each channel got.
    pub fn totals(&self, published: &[u64]) -> Totals {
        let mut totals = Totals::default();
        for peer in &self.peers {
            if let Some(channel) = peer.channel {
                peer.tally.close(published[channel as usize], &mut totals);
            }
        }
        totals
    }

    /// Takes the deliveries of a frame; false if it holds none.
    fn deliver(&mut self, id: usize, frame: &Frame<'_>, at_ns: u64) -> bool {
        let Crowd { peers, counts, finder, .. } = self;
        let peer = &mut peers[id];
        let Some(own) = peer.channel else { return false };
        let found = finder.each(frame.payload, |Marker { channel, seq, due_ns }| {
            if channel == own {
                peer.tally.arrived(seq);
            } else {
                peer.tally.strayed();
            }
            counts.delivery_ns.record(at_ns.saturating_sub(due_ns));
        }) as u64;
        counts.deliveries += found;
        counts.deliveries_ever += found;
        counts.delivery_bytes += if found > 0 { frame.length as u64 } else { 0 };
        found > 0
    }

    fn converse(&mut self, id: usize, control: &Control<'_>, at_ns: u64, outbox: &mut Outbox) {
        let peer = &mut self.peers[id];
        match control.action {
            action::CONNECTED => {
                peer.connected(control);
                match peer.channel {
                    Some(channel) => {
                        let serial = peer.resume.as_ref().map(|resume| resume.serial.as_str());
                        self.dialect.push_attach(outbox.to(id), channel, serial);
                        peer.phase = Phase::Attaching;
                    }
                    None => self.counts.ready += peer.become_ready() as usize,
                }
                if let Some(error) = &control.error {
                    self.counts.refused(|| error.line());
                }
            }
            action::ATTACHED => {
                peer.resumed = control.flags & FLAG_RESUMED != 0;
                peer.keep_serial(control);
                self.counts.ready += peer.become_ready() as usize;
                if let Some(error) = &control.error {
                    self.counts.refused(|| error.line());
                }
            }
            action::ACK | action::NACK => self.answered(id, control, at_ns),
            action::ERROR => {
                let line = control.error.as_ref().map(|error| error.line());
                self.counts.refused(|| line.unwrap_or_else(|| "ERROR without an error".to_owned()));
            }
            _ => {}
        }
    }

    fn answered(&mut self, id: usize, control: &Control<'_>, at_ns: u64) {
        let (peer, counts) = (&mut self.peers[id], &mut self.counts);
        for serial in control.msg_serial..control.msg_serial + control.count {
            match peer.in_flight.front() {
                Some(&(expected, sent_ns)) if expected == serial => {
                    peer.in_flight.pop_front();
                    counts.unanswered -= 1;
                    if control.action == action::ACK {
                        counts.acked += 1;
                        counts.ack_ns.record(at_ns.saturating_sub(sent_ns));
                    } else {
                        counts.nacked += 1;
                        let line = control.error.as_ref().map(|error| error.line());
                        counts.refused(|| line.unwrap_or_else(|| "NACK without an error".to_owned()));
                    }
                }
                _ => counts.stray_acks += 1,
            }
        }
    }
}

impl Crew for Crowd {
    fn on(&mut self, id: usize, happening: Happening<'_>, at_ns: u64, outbox: &mut Outbox) {
        match happening {
            Happening::Opened => {
                if !self.dialect.has_sessions() {
                    self.counts.ready += self.peers[id].become_ready() as usize;
                }
            }
            Happening::Frame(frame) => {
                let peer = &mut self.peers[id];
                peer.frames += 1;
                let delivered = self.deliver(id, &frame, at_ns);
                if delivered && !self.keep_serials || !self.dialect.has_sessions() {
                    return;
                }
                match control::decode(frame.opcode, frame.payload) {
                    Some(control) if delivered => self.peers[id].keep_serial(&control),
                    Some(control) => self.converse(id, &control, at_ns, outbox),
                    None => self.counts.refused(|| "a frame that is no protocol message".to_owned()),
                }
            }
            Happening::Closed(why) => {
                let peer = &mut self.peers[id];
                self.counts.closed += 1;
                self.counts.ready -= (peer.phase == Phase::Ready) as usize;
                self.counts.unanswered -= peer.in_flight.len() as u64;
                peer.in_flight.clear();
                peer.phase = Phase::Gone;
                self.counts.refused(|| why.to_owned());
            }
        }
    }
}
