//! All connections of a generator on one poll and one thread.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};

use crate::error::BenchError;
use crate::measure::clock::{Alarm, Clock};
use crate::net::crew::{Crew, Happening, Outbox};
use crate::net::limits::source_address;
use crate::net::link::{Link, Stage};
use crate::net::tls::Dialer;
use crate::wire::frame::{self, opcode};
use crate::wire::http;

const ALARM: Token = Token(usize::MAX);
const READ_BUFFER: usize = 256 * 1024;

/// The connections.
pub struct Fleet {
    poll: Poll,
    events: Events,
    alarm: Alarm,
    /// The time line of the run.
    pub clock: Clock,
    target: SocketAddr,
    dialer: Option<Dialer>,
    links: Vec<Link>,
    outbox: Outbox,
    buffer: Box<[u8]>,
    opened: usize,
}

impl Fleet {
    /// A fleet without connections, which will go to `target`, with TLS if there is a dialer.
    pub fn new(target: SocketAddr, dialer: Option<Dialer>, clock: Clock) -> Result<Fleet, BenchError> {
        let poll = Poll::new().map_err(BenchError::io("create a poll"))?;
        let alarm = Alarm::new().map_err(BenchError::io("create a timer"))?;
        poll.registry()
            .register(&mut SourceFd(&alarm.raw_fd()), ALARM, Interest::READABLE)
            .map_err(BenchError::io("register the timer"))?;
        Ok(Fleet {
            poll,
            events: Events::with_capacity(1024),
            alarm,
            clock,
            target,
            dialer,
            links: Vec::new(),
            outbox: Outbox::default(),
            buffer: vec![0; READ_BUFFER].into_boxed_slice(),
            opened: 0,
        })
    }

    /// Opens a connection and asks for an upgrade of `path`; its id is the next free number, or `reuse`.
    pub fn open(&mut self, path: &str, reuse: Option<usize>) -> Result<usize, BenchError> {
        let source = source_address(reuse.unwrap_or(self.opened));
        let link =
            Link::connect(self.target, source, self.dialer.as_ref()).map_err(BenchError::io("connect"))?;
        self.opened += 1;
        let id = reuse.unwrap_or(self.links.len());
        if id == self.links.len() {
            self.links.push(link);
            self.outbox.waiting.push(Vec::new());
        } else {
            self.links[id] = link;
            self.outbox.waiting[id].clear();
        }
        let pipe = self.links[id].pipe.as_mut().expect("a new link has its pipe");
        self.poll
            .registry()
            .register(pipe.stream_mut(), Token(id), Interest::READABLE | Interest::WRITABLE)
            .map_err(BenchError::io("register a connection"))?;
        let request = http::upgrade_request(path, &self.target.to_string());
        self.outbox.waiting[id].extend_from_slice(request.as_bytes());
        Ok(id)
    }

    /// Drops a connection with a TCP reset; its id can be used again.
    pub fn drop_link(&mut self, id: usize) {
        self.links[id].pipe = None;
        self.links[id].stage = Stage::Closed;
        self.links[id].inbox = Vec::new();
        self.outbox.waiting[id] = Vec::new();
    }

    /// Bytes that connection `id` has received since it was opened, the handshake's answer not counted.
    pub fn bytes_received(&self, id: usize) -> u64 {
        self.links[id].bytes
    }

    /// Where to put what shall be sent; it leaves at the end of the next turn, or by `flush`.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Waits for happenings until `until_ns`, hands them to `crew`, then writes what is to be sent.
    pub fn turn(&mut self, until_ns: u64, crew: &mut impl Crew) -> Result<(), BenchError> {
        self.flush(crew);
        let now = self.clock.now_ns();
        let wait = Duration::from_nanos(until_ns.saturating_sub(now));
        let timeout = if wait.is_zero() {
            Some(Duration::ZERO)
        } else {
            self.alarm.ring_in(wait).map_err(BenchError::io("set the timer"))?;
            None
        };
        match self.poll.poll(&mut self.events, timeout) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            other => other.map_err(BenchError::io("poll"))?,
        }
        let ready: Vec<(usize, bool, bool)> = self
            .events
            .iter()
            .filter(|event| event.token() != ALARM)
            .map(|event| {
                (event.token().0, event.is_readable() || event.is_read_closed(), event.is_writable())
            })
            .collect();
        for (id, readable, writable) in ready {
            if writable {
                self.outbox.dirty.push(id);
            }
            if readable {
                self.receive(id, crew);
            }
        }
        self.flush(crew);
        Ok(())
    }

    /// Writes what waits; what a socket does not take stays until it is writable.
    pub fn flush(&mut self, crew: &mut impl Crew) {
        let mut dirty = std::mem::take(&mut self.outbox.dirty);
        for id in dirty.drain(..) {
            if let Err(error) = self.links[id].write(&mut self.outbox.waiting[id]) {
                self.end(id, &error.to_string(), crew);
            }
        }
        // What the crew adds when a connection ends is kept; the allocation is reused.
        dirty.append(&mut self.outbox.dirty);
        self.outbox.dirty = dirty;
    }

    fn receive(&mut self, id: usize, crew: &mut impl Crew) {
        while let Some(pipe) = &mut self.links[id].pipe {
            let count = match pipe.read(&mut self.buffer) {
                Ok(None) => return,
                Ok(Some(0)) => return self.end(id, "closed by the server", crew),
                Ok(Some(count)) => count,
                Err(error) => return self.end(id, &error.to_string(), crew),
            };
            // If so, later bytes raise a new event.
            let drained = pipe.is_drained_by(count, self.buffer.len());
            let at_ns = self.clock.now_ns();
            if let Err(why) = self.digest(id, count, at_ns, crew) {
                return self.end(id, &why, crew);
            }
            if drained {
                return;
            }
        }
    }

    fn digest(&mut self, id: usize, count: usize, at_ns: u64, crew: &mut impl Crew) -> Result<(), String> {
        let link = &mut self.links[id];
        let mut inbox = std::mem::take(&mut link.inbox);
        let fresh = &self.buffer[..count];
        let bytes = if inbox.is_empty() {
            fresh
        } else {
            inbox.extend_from_slice(fresh);
            &inbox[..]
        };
        let mut at = 0;
        if link.stage == Stage::Upgrading {
            if let Some(length) = http::head_length(bytes) {
                http::check_upgraded(&bytes[..length])?;
                link.stage = Stage::Open;
                at = length;
                link.bytes += (bytes.len() - length) as u64;
                crew.on(id, Happening::Opened, at_ns, &mut self.outbox);
            }
        } else {
            link.bytes += count as u64;
        }
        let frames_flow = link.stage == Stage::Open;
        while let Some(frame) = frame::first(&bytes[at..]).filter(|_| frames_flow) {
            at += frame.length;
            match frame.opcode {
                opcode::TEXT | opcode::BINARY => {
                    crew.on(id, Happening::Frame(frame), at_ns, &mut self.outbox);
                }
                opcode::PING => frame::push_client(self.outbox.to(id), opcode::PONG, frame.payload),
                opcode::CLOSE => return Err(close_reason(frame.payload)),
                _ => {}
            }
        }
        let rest = bytes[at..].to_vec();
        link.inbox = rest;
        Ok(())
    }

    fn end(&mut self, id: usize, why: &str, crew: &mut impl Crew) {
        if self.links[id].stage == Stage::Closed {
            return;
        }
        let at_ns = self.clock.now_ns();
        self.drop_link(id);
        crew.on(id, Happening::Closed(why), at_ns, &mut self.outbox);
    }
}

fn close_reason(payload: &[u8]) -> String {
    match payload {
        [high, low, text @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            format!("close frame {code} {}", String::from_utf8_lossy(text))
        }
        _ => "close frame without a code".to_owned(),
    }
}
