//! The bare WebSocket server.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Protocol, Socket, Type};

use crate::bare::conn::{Conn, Role};
use crate::error::BenchError;
use crate::net::pipe::Pipe;
use crate::net::tls::Acceptor;
use crate::wire::frame::{self, opcode};
use crate::wire::http;

const LISTENER: Token = Token(usize::MAX);
/// Digits of the channel within a marker; see `wire::marker`.
const CHANNEL_DIGITS: std::ops::Range<usize> = 3..9;

/// What to do with a publish, or with an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One write per frame and member, at once.
    Each,
    /// The frames of one turn in one write per member.
    Joined,
    /// Each upgrade is answered together with a frame of this many bytes; there are no publishes.
    Catchup(usize),
}

/// Listens on a free loopback port, writes the address as a line to `announce`, and serves until it is killed,
/// with TLS if there is an acceptor.
pub fn serve(mode: Mode, tls: Option<Acceptor>, announce: &mut impl Write) -> Result<(), BenchError> {
    let listener = listen().map_err(BenchError::io("listen"))?;
    let address = listener.local_addr().map_err(BenchError::io("listen"))?;
    writeln!(announce, "{address}").and_then(|()| announce.flush()).map_err(BenchError::io("announce"))?;
    Server::new(listener, mode, tls)?.run()
}

fn listen() -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    socket.listen(4096)?;
    Ok(TcpListener::from_std(socket.into()))
}

struct Server {
    poll: Poll,
    listener: TcpListener,
    mode: Mode,
    tls: Option<Acceptor>,
    conns: Vec<Option<Conn>>,
    /// Connections by channel.
    members: Vec<Vec<usize>>,
    /// Frames of this turn by channel, and which channels have some.
    joined: Vec<Vec<u8>>,
    touched: Vec<u32>,
    greeting: Vec<u8>,
    buffer: Box<[u8]>,
}

impl Server {
    fn new(mut listener: TcpListener, mode: Mode, tls: Option<Acceptor>) -> Result<Server, BenchError> {
        let poll = Poll::new().map_err(BenchError::io("create a poll"))?;
        poll.registry()
            .register(&mut listener, LISTENER, Interest::READABLE)
            .map_err(BenchError::io("register the listener"))?;
        let mut greeting = http::SWITCHING.as_bytes().to_vec();
        if let Mode::Catchup(bytes) = mode {
            frame::push_server(&mut greeting, opcode::BINARY, &vec![b'x'; frame::payload_size(bytes)]);
        }
        Ok(Server {
            poll,
            listener,
            mode,
            tls,
            conns: Vec::new(),
            members: Vec::new(),
            joined: Vec::new(),
            touched: Vec::new(),
            greeting,
            buffer: vec![0; 64 * 1024].into_boxed_slice(),
        })
    }

    fn run(mut self) -> Result<(), BenchError> {
        let mut events = Events::with_capacity(1024);
        loop {
            match self.poll.poll(&mut events, None) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                other => other.map_err(BenchError::io("poll"))?,
            }
            for event in &events {
                match event.token() {
                    LISTENER => self.accept()?,
                    Token(id) => {
                        if event.is_writable() {
                            self.resume_write(id);
                        }
                        if event.is_readable() || event.is_read_closed() {
                            self.receive(id);
                        }
                    }
                }
            }
            self.write_joined();
        }
    }

    fn accept(&mut self) -> Result<(), BenchError> {
        while let Ok((mut stream, _)) = self.listener.accept() {
            stream.set_nodelay(true).map_err(BenchError::io("set nodelay"))?;
            let token = Token(self.conns.len());
            self.poll
                .registry()
                .register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)
                .map_err(BenchError::io("register a connection"))?;
            let tls = self.tls.as_ref().map(Acceptor::accept).transpose();
            let tls = tls.map_err(|error| BenchError::Options(error.to_string()))?;
            self.conns.push(Some(Conn::new(Pipe::new(stream, tls))));
        }
        Ok(())
    }

    fn receive(&mut self, id: usize) {
        let Some(conn) = &mut self.conns[id] else { return };
        if !conn.read(&mut self.buffer) {
            return self.forget(id);
        }
        let mut inbox = std::mem::take(&mut conn.inbox);
        if conn.role == Role::Unknown {
            let Some(length) = http::head_length(&inbox) else {
                conn.inbox = inbox;
                return;
            };
            self.upgrade(id, &inbox[..length]);
            inbox.drain(..length);
        }
        let mut at = 0;
        while let Some(frame) = frame::first(&inbox[at..]) {
            let (start, length, mask) = (at + frame.length - frame.payload.len(), frame.length, frame.mask);
            at += length;
            if let (opcode::BINARY, Some(mask)) = (frame.opcode, mask) {
                frame::apply_mask(&mut inbox[start..at], mask);
                self.publish(&inbox[start..at]);
            }
        }
        inbox.drain(..at);
        if let Some(conn) = &mut self.conns[id] {
            conn.inbox = inbox;
        }
    }

    fn upgrade(&mut self, id: usize, head: &[u8]) {
        let Some(conn) = &mut self.conns[id] else { return };
        conn.role = Role::of_path(http::request_path(head).unwrap_or("/"));
        if let Role::Member(channel) = conn.role {
            let wanted = channel as usize + 1;
            if self.members.len() < wanted {
                self.members.resize_with(wanted, Vec::new);
                self.joined.resize_with(wanted, Vec::new);
            }
            self.members[channel as usize].push(id);
        }
        if !conn.write(&self.greeting) {
            self.forget(id);
        }
    }

    fn publish(&mut self, payload: &[u8]) {
        let Some(channel) = channel_of(payload).filter(|&channel| (channel as usize) < self.members.len())
        else {
            return;
        };
        let out = &mut self.joined[channel as usize];
        if out.is_empty() {
            self.touched.push(channel);
        }
        frame::push_server(out, opcode::BINARY, payload);
        if self.mode == Mode::Each {
            self.write_joined();
        }
    }

    fn write_joined(&mut self) {
        for channel in std::mem::take(&mut self.touched) {
            let out = std::mem::take(&mut self.joined[channel as usize]);
            for &id in &self.members[channel as usize] {
                if let Some(conn) = &mut self.conns[id]
                    && !conn.write(&out)
                {
                    self.conns[id] = None;
                }
            }
            self.joined[channel as usize] = out;
            self.joined[channel as usize].clear();
        }
    }

    fn resume_write(&mut self, id: usize) {
        if let Some(conn) = &mut self.conns[id]
            && !conn.resume_write()
        {
            self.forget(id);
        }
    }

    fn forget(&mut self, id: usize) {
        if let Some(mut conn) = self.conns[id].take() {
            // Closing removes it from the poll as well; a failure here changes nothing.
            let _ = self.poll.registry().deregister(conn.stream_mut());
            if let Role::Member(channel) = conn.role {
                self.members[channel as usize].retain(|&member| member != id);
            }
        }
    }
}

fn channel_of(payload: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(payload.get(CHANNEL_DIGITS)?).ok()?, 16).ok()
}
