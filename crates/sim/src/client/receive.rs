//! What comes to a client: the laws that each frame keeps, what it leaves, and what the client sends thereupon.

use loquat_protocol::{Action, Flags, PresenceAction, ProtocolMessage};

use super::{Acknowledged, Client, Sent, Span, State, seq, text};
use crate::{Broken, Tally};

impl Client {
    /// A frame came. Returns what the client sends thereupon.
    ///
    /// # Errors
    /// When the frame breaks a law.
    pub fn receive(
        &mut self,
        frame: ProtocolMessage,
        tally: &mut Tally,
    ) -> Result<Vec<ProtocolMessage>, Broken> {
        let name = frame.channel.clone().unwrap_or_default();
        match frame.action() {
            Some(Action::Connected) => return Ok(self.welcome(frame)),
            Some(Action::Attached) => return self.attached(&name, &frame, tally),
            Some(Action::Detached) => {
                let channel = self.channels.entry(name).or_default();
                if channel.state == State::Detaching {
                    channel.state = State::Detached;
                    channel.view.clear();
                }
            }
            Some(Action::Message) => self.message(&name, &frame, tally)?,
            Some(Action::Presence | Action::Sync) => self.members(&name, frame, tally),
            Some(Action::Ack) => self.acknowledge(&frame, tally)?,
            Some(Action::Heartbeat | Action::Disconnected | Action::Closed) => {}
            _ => return Err(broken("ANSWER", format!("{} was sent {frame:?}", self.name))),
        }
        Ok(Vec::new())
    }

    fn welcome(&mut self, frame: ProtocolMessage) -> Vec<ProtocolMessage> {
        let resumed = self.id == frame.connection_id;
        (self.id, self.connected) = (frame.connection_id, true);
        let mut again: Vec<Sent> = std::mem::take(&mut self.unanswered).into();
        again.retain(|sent| !sent.over);
        // RTN19a2: the same numbers on the same connection, new ones on another.
        let mut out: Vec<_> = if resumed {
            self.unanswered = again.clone().into();
            again.into_iter().map(|sent| sent.frame).collect()
        } else {
            self.next_serial = 0;
            again.into_iter().map(|sent| self.send(sent.frame)).collect()
        };
        let names: Vec<_> =
            self.channels.iter().map(|(name, channel)| (name.clone(), channel.state)).collect();
        for (name, state) in names {
            match state {
                State::Attached | State::Attaching => out.push(self.attach(&name)),
                State::Detaching => out.push(self.detach(&name)),
                State::Detached => {}
            }
        }
        out
    }

    fn attached(
        &mut self,
        name: &str,
        frame: &ProtocolMessage,
        tally: &mut Tally,
    ) -> Result<Vec<ProtocolMessage>, Broken> {
        let who = format!("{} on {name}", self.name);
        let channel = self.channels.entry(name.to_owned()).or_default();
        if matches!(channel.state, State::Detached | State::Detaching) {
            return Ok(Vec::new());
        }
        let at = seq(frame.channel_serial.as_deref())
            .ok_or_else(|| broken("CUT-1", format!("{who}: ATTACHED without a position")))?;
        let flags = frame.flags();
        if flags.contains(Flags::RESUMED) {
            let had = seq(channel.serial.as_deref());
            if had.is_none_or(|had| at < had) {
                return Err(broken("GAP-1", format!("{who}: RESUMED at {at}, but the client has {had:?}")));
            }
            tally.resumed += 1;
        } else {
            tally.lost += usize::from(channel.serial.is_some());
            channel.spans.push(Span {
                start: at,
                rewound: flags.contains(Flags::HAS_BACKLOG),
                ..Span::default()
            });
        }
        let was_attaching = std::mem::replace(&mut channel.state, State::Attached) == State::Attaching;
        channel.serial = frame.channel_serial.clone();
        if !flags.contains(Flags::HAS_PRESENCE) && (was_attaching || !flags.contains(Flags::RESUMED)) {
            channel.view.clear();
        }
        // RTP17i: whoever was there enters again.
        let entered = channel.entered.clone();
        Ok(entered.map(|data| self.presence(name, PresenceAction::Enter, Some(&data))).into_iter().collect())
    }

    fn message(&mut self, name: &str, frame: &ProtocolMessage, tally: &mut Tally) -> Result<(), Broken> {
        let who = format!("{} on {name}", self.name);
        let channel = self.channels.entry(name.to_owned()).or_default();
        if matches!(channel.state, State::Detached | State::Detaching) {
            return Ok(());
        }
        let Some(at) = seq(frame.channel_serial.as_deref()) else {
            return Err(broken("GAP-1", format!("{who}: a message without a channelSerial")));
        };
        let Some(span) = channel.spans.last_mut() else {
            return Err(broken("CUT-1", format!("{who}: a message before the first ATTACHED")));
        };
        let last = span.rows.last().map_or(span.start, |(last, _)| *last);
        if at <= last {
            return Err(broken("ORD-1", format!("{who}: {at} came after {last}")));
        }
        span.rows.push((at, frame.messages.iter().map(text).collect()));
        channel.serial = frame.channel_serial.clone();
        tally.received += frame.messages.len();
        Ok(())
    }

    fn members(&mut self, name: &str, frame: ProtocolMessage, tally: &mut Tally) {
        let channel = self.channels.entry(name.to_owned()).or_default();
        if channel.state == State::Detached {
            return;
        }
        tally.presence += frame.presence.len();
        if frame.action() == Some(Action::Sync) {
            channel.view.sync(frame);
        } else {
            frame.presence.into_iter().for_each(|event| channel.view.apply(event));
        }
    }

    fn acknowledge(&mut self, frame: &ProtocolMessage, tally: &mut Tally) -> Result<(), Broken> {
        let first = frame.msg_serial.unwrap_or(-1);
        for (serial, result) in (first..).zip(&frame.res) {
            // After a close the answers to what was sent before it mean nothing any more.
            let Some(sent) = self.unanswered.pop_front() else { return Ok(()) };
            if sent.serial != serial {
                let what =
                    format!("{}: the answer to {serial} came while {} was due", self.name, sent.serial);
                return Err(broken("ANSWER", what));
            }
            for (message, serial) in sent.frame.messages.iter().zip(&result.serials) {
                let channel = sent.frame.channel.clone().unwrap_or_default();
                let serial = serial.clone().unwrap_or_default();
                self.acknowledged.push(Acknowledged { channel, text: text(message), serial });
                tally.acknowledged += 1;
            }
        }
        Ok(())
    }
}

fn broken(law: &'static str, what: String) -> Broken {
    Broken { law, what }
}
