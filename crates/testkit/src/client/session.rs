//! The client's side of the protocol: it connects, attaches, and sends.

use std::{
    collections::BTreeMap,
    io,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use loquat_protocol::{Action, ProtocolMessage};

use super::{Options, Shared, State, incoming::take};
use crate::link::{Incoming, Link, Wanted};

/// How long a client waits before it tries again.
const RETRY: Duration = Duration::from_millis(15);
/// How long it waits for something to read before it looks for something to send.
const GLANCE: Duration = Duration::from_millis(4);

/// What survives a connection.
#[derive(Default)]
pub(super) struct Memory {
    key: Option<String>,
    next_serial: i64,
    /// The newest channelSerial of each channel, as SDKs keep it.
    pub serials: BTreeMap<String, String>,
}

/// Connects again and again until it is stopped.
pub(super) fn run(shared: &Shared, options: &Options) {
    let mut memory = Memory::default();
    while !shared.stop.load(Ordering::Acquire) {
        // How it ended doesn't matter: the server may be killed at any moment.
        let _ended = session(shared, options, &mut memory);
        shared.state.lock().connected = false;
        shared.changed.notify_all();
        if !shared.stop.load(Ordering::Acquire) {
            std::thread::park_timeout(RETRY);
        }
    }
}

fn session(shared: &Shared, options: &Options, memory: &mut Memory) -> io::Result<()> {
    let resume = memory.key.as_ref().map(|key| format!("&resume={key}"));
    let wanted = Wanted { format: options.format, query: resume.unwrap_or_default(), ..Wanted::default() };
    let mut link = Link::connect(options.server, &wanted)?;
    let connected = link.frame()?;
    if connected.action() != Some(Action::Connected) {
        return Err(io::Error::other(format!("no CONNECTED: {:?}", connected.error)));
    }
    let resumed = take_connected(&mut shared.state.lock(), memory, connected);
    shared.changed.notify_all();
    for channel in &options.channels {
        let channel_serial = memory.serials.get(channel).cloned();
        link.send(&ProtocolMessage {
            channel_serial,
            ..ProtocolMessage::of_channel(Action::Attach, channel)
        })?;
    }
    send_again(shared, memory, &mut link, resumed)?;
    let mut quiet_since = Instant::now();
    while !shared.stop.load(Ordering::Acquire) {
        send_new(shared, memory, &mut link)?;
        match link.next(GLANCE)? {
            None if quiet_since.elapsed() > Duration::from_secs(30) => {
                shared.state.lock().records.surprises.push("the server was silent for 30 s".to_owned());
                return Ok(());
            }
            None => {}
            Some(Incoming::Frame(frame)) => {
                quiet_since = Instant::now();
                if !take(shared, memory, *frame) {
                    return Ok(());
                }
            }
            Some(Incoming::Pong(_)) => {}
            Some(Incoming::Close(_) | Incoming::End) => return Ok(()),
        }
    }
    Ok(())
}

/// Notes the connection; `true` when it is the old one (RTN15c6).
fn take_connected(state: &mut State, memory: &mut Memory, connected: ProtocolMessage) -> bool {
    let id = connected.connection_id.unwrap_or_default();
    memory.key = connected.connection_details.map(|details| details.connection_key);
    state.connected = true;
    state.records.connections += 1;
    let resumed = state.records.connection_ids.last() == Some(&id);
    if !resumed {
        if !state.records.connection_ids.is_empty() {
            let why = format!("a resume gave another connection: {:?}", connected.error);
            state.records.surprises.push(why);
        }
        state.records.connection_ids.push(id);
    }
    resumed
}

/// What was not answered goes out again: under its old number on the old connection, renumbered on a new one (RTN19a2).
fn send_again(shared: &Shared, memory: &mut Memory, link: &mut Link, resumed: bool) -> io::Result<()> {
    let mut state = shared.state.lock();
    if !resumed {
        memory.next_serial = 0;
        for pending in &mut state.pending {
            pending.0 = memory.next_serial;
            memory.next_serial += 1;
        }
    }
    let again: Vec<_> = state.pending.iter().copied().collect();
    let frames: Vec<_> = again.iter().map(|(serial, place)| publish(&mut state, *serial, *place)).collect();
    drop(state);
    frames.iter().try_for_each(|frame| link.send(frame))
}

fn send_new(shared: &Shared, memory: &mut Memory, link: &mut Link) -> io::Result<()> {
    let mut state = shared.state.lock();
    let mut frames = Vec::new();
    while let Some(place) = state.outgoing.pop_front() {
        let serial = memory.next_serial;
        memory.next_serial += 1;
        state.pending.push_back((serial, place));
        frames.push(publish(&mut state, serial, place));
    }
    drop(state);
    frames.iter().try_for_each(|frame| link.send(frame))
}

fn publish(state: &mut State, serial: i64, place: usize) -> ProtocolMessage {
    let published = &mut state.records.published[place];
    published.sent += 1;
    ProtocolMessage {
        msg_serial: Some(serial),
        messages: published.messages.clone(),
        ..ProtocolMessage::of_channel(Action::Message, &published.channel)
    }
}
