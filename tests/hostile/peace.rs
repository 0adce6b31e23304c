//! What must stay as it was: memory, open sockets, and the service to others.

use std::{
    io,
    time::{Duration, Instant},
};

use loquat_protocol::{Action, Format, ProtocolMessage};
use loquat_testkit::{
    Link, Server, Setup,
    client::{number_of, numbered},
    link::{Incoming, Wanted},
    wait_for,
};

/// The listener, and those by which the server's threads wake each other.
const SOCKETS_OF_ITS_OWN: usize = 4;

/// A server's memory and sockets before the hostile peers came.
pub struct Peace<'a> {
    server: &'a Server<'a>,
    bytes: u64,
    sockets: usize,
}

impl<'a> Peace<'a> {
    /// Remembers how it is now, after it has served somebody once.
    pub fn of(server: &'a Server<'a>) -> Self {
        serves(server);
        wait_for("nobody is connected", || server.open_sockets() <= SOCKETS_OF_ITS_OWN);
        Self { server, bytes: server.own_bytes(), sockets: server.open_sockets() }
    }

    /// Memory has grown by at most so many MiB, and others are served.
    #[track_caller]
    pub fn holds(&self, mebibytes: u64) {
        let grown = self.server.own_bytes().saturating_sub(self.bytes);
        assert!(grown <= mebibytes << 20, "MEM-1: memory has grown by {} KiB", grown >> 10);
        serves(self.server);
    }

    /// The sockets of the hostile peers are closed again.
    #[track_caller]
    pub fn returns(&self) {
        wait_for("every socket is closed again", || self.server.open_sockets() <= self.sockets);
    }
}

/// Somebody who behaves connects, attaches, publishes and receives, at once.
#[track_caller]
pub fn serves(server: &Server<'_>) {
    let began = Instant::now();
    let mut link = Link::open(server.address()).expect("a connection");
    link.send(&ProtocolMessage::of_channel(Action::Attach, "peace")).expect("ATTACH");
    link.wait(Action::Attached).expect("ATTACHED");
    link.send(&message("peace", 0, 7, 20)).expect("MESSAGE");
    link.wait(Action::Message).expect("the message itself");
    let time = began.elapsed();
    assert!(time < Duration::from_secs(3), "somebody who behaves waited {time:?}");
}

/// A MESSAGE with one message.
pub fn message(channel: &str, msg_serial: i64, number: u64, bytes: usize) -> ProtocolMessage {
    ProtocolMessage {
        msg_serial: Some(msg_serial),
        messages: vec![numbered(number, bytes)],
        ..ProtocolMessage::of_channel(Action::Message, channel)
    }
}

/// A connection that has been welcomed.
pub fn connected(setup: &Setup, format: Format) -> Link {
    let wanted = Wanted { format, ..Wanted::default() };
    let mut link = Link::connect(setup.address, &wanted).expect("a connection");
    link.wait(Action::Connected).expect("CONNECTED");
    link
}

/// The connection works: a HEARTBEAT comes back.
#[track_caller]
pub fn lives(link: &mut Link) {
    let ask = ProtocolMessage { id: Some("alive".to_owned()), ..ProtocolMessage::new(Action::Heartbeat) };
    link.send(&ask).expect("the connection lives");
    while link.wait(Action::Heartbeat).expect("the connection lives").id.as_deref() != Some("alive") {}
}

/// The connection ends: the code of the ERROR that came before, and that of the close frame.
#[track_caller]
pub fn ends(link: &mut Link) -> (Option<u32>, Option<u16>) {
    let (mut error, mut close) = (None, None);
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        match link.next(Duration::from_secs(1)) {
            Ok(Some(Incoming::Frame(frame))) if frame.action() == Some(Action::Error) => {
                error = frame.error.map(|error| error.code);
            }
            Ok(Some(Incoming::Close(code))) => close = code,
            Ok(Some(Incoming::End)) => return (error, close),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => panic!("the server sent {error}"),
            Err(_) => return (error, close),
            Ok(_) => {}
        }
    }
    panic!("the connection doesn't end; it was told {error:?} and closed with {close:?}");
}

/// Publishes `count` messages of a size on a channel, numbered from 0, and waits until they are durable.
pub fn flood(setup: &Setup, channel: &str, count: u64, bytes: usize) {
    let mut link = connected(setup, Format::Msgpack);
    let (mut sent, mut acked) = (0, 0);
    while acked < count {
        while sent < count && sent < acked + 64 {
            link.send(&message(channel, sent as i64, sent, bytes)).expect("MESSAGE");
            sent += 1;
        }
        acked += u64::from(link.wait(Action::Ack).expect("ACK").count.unwrap_or(1));
    }
}

/// Reads a channel's messages until number `last`; their numbers in the order of arrival.
pub fn numbers_until(link: &mut Link, last: u64) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    while numbers.last() != Some(&last) {
        let frame = link.wait(Action::Message)?;
        numbers.extend(frame.messages.iter().filter_map(number_of));
    }
    Ok(numbers)
}
