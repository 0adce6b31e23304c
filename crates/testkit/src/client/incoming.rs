//! What comes to a client, written down; and what should not have come.

use loquat_protocol::{Action, Flags, MessageSerial, ProtocolMessage, Serial};

use super::{Outcome, Received, Segment, Shared, State, records::number_of, session::Memory};

/// `false` when the server ends the connection.
pub(super) fn take(shared: &Shared, memory: &mut Memory, frame: ProtocolMessage) -> bool {
    let mut state = shared.state.lock();
    match frame.action() {
        Some(Action::Ack | Action::Nack) => settle(&mut state, frame),
        Some(Action::Attached) => attached(&mut state, memory, frame),
        Some(Action::Message) => received(&mut state, memory, frame),
        Some(Action::Disconnected) => return false,
        Some(Action::Error) => {
            state.records.surprises.push(format!("ERROR {:?} {:?}", frame.channel, frame.error));
            return frame.channel.is_some();
        }
        _ => {}
    }
    drop(state);
    shared.changed.notify_all();
    true
}

fn settle(state: &mut State, frame: ProtocolMessage) {
    let (first, count) = (frame.msg_serial.unwrap_or(-1), i64::from(frame.count.unwrap_or(1)));
    for serial in first..first + count {
        let Some((expected, place)) = state.pending.pop_front() else {
            return state.records.surprises.push(format!("an answer to {serial}, which nobody waits for"));
        };
        if serial != expected {
            state.records.surprises.push(format!("an answer to {serial} before the one to {expected}"));
        }
        let result = frame.res.get((serial - first) as usize);
        let outcome = match &frame.error {
            Some(error) => Outcome::Refused(error.code),
            None => Outcome::Acked(
                result
                    .iter()
                    .flat_map(|result| &result.serials)
                    .flatten()
                    .filter_map(|text| parse(text))
                    .collect(),
            ),
        };
        let published = &mut state.records.published[place];
        if let Outcome::Acked(serials) = &outcome
            && serials.len() != published.numbers.len()
        {
            state.records.surprises.push(format!("an ACK of {serial} without a serial per message"));
        }
        published.messages = Vec::new();
        published.outcome = Some(outcome);
    }
}

fn parse(text: &str) -> Option<MessageSerial> {
    text.parse().ok()
}

fn attached(state: &mut State, memory: &mut Memory, frame: ProtocolMessage) {
    let channel = frame.channel.clone().unwrap_or_default();
    let resumed = frame.flags().contains(Flags::RESUMED);
    let text = frame.channel_serial.unwrap_or_default();
    let Ok(after) = text.parse::<Serial>() else {
        return state.records.surprises.push(format!("ATTACHED with the channelSerial '{text}'"));
    };
    if memory.serials.contains_key(&channel) && !resumed {
        state.records.surprises.push(format!("continuity of {channel} was lost: {:?}", frame.error));
    }
    memory.serials.insert(channel.clone(), text);
    let segments = state.records.channels.entry(channel).or_default();
    if segments.is_empty() || !resumed {
        segments.push(Segment { after, received: Vec::new() });
    }
}

fn received(state: &mut State, memory: &mut Memory, frame: ProtocolMessage) {
    let channel = frame.channel.unwrap_or_default();
    let text = frame.channel_serial.unwrap_or_default();
    // ORD-1: text order is log order.
    if memory.serials.get(&channel).is_none_or(|last| *last >= text) {
        let last = memory.serials.get(&channel);
        state.records.surprises.push(format!("on {channel}: channelSerial {text} after {last:?}"));
    }
    memory.serials.insert(channel.clone(), text);
    let Some(segment) = state.records.channels.get_mut(&channel).and_then(|segments| segments.last_mut())
    else {
        return state.records.surprises.push(format!("a MESSAGE on {channel} before ATTACHED"));
    };
    for message in &frame.messages {
        let serial = message.serial.as_deref().and_then(parse);
        match (serial, number_of(message)) {
            (Some(serial), Some(number)) => segment.received.push(Received { serial, number }),
            _ => state.records.surprises.push(format!("a message that nobody sent: {message:?}")),
        }
    }
}
