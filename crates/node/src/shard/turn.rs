//! The loop of a shard.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use loquat_core::{Effect, Now, Shard, Slot, feed::FeedEntry, shard::TICK_MS};
use loquat_protocol::{Action, ErrorCode, ErrorInfo, Format, PartitionId, ProtocolMessage, Serial};
use loquat_telemetry::{Law, PublishTrace, Stage};
use loquat_ws::{Event, Opcode, close_code, close_frame, close_reply, server_frame};
use mio::{Events, Poll, Token};

use super::{
    WAKER,
    connection::{Adopted, Io, Purpose, Refused},
    count::count,
    echo::{ECHO_TOKENS, Echoes},
    mailbox::{Command, Mailbox, Outcome},
    outbox::Flushed,
};
use crate::{Node, backlog::Job, registry::Place};

/// One read takes at most this; the buffer is the shard's, not the connection's.
const READ_BUFFER: usize = 256 * 1024;
/// Entries of a partition taken in one go, so that writes go out in between.
const FEED_PIECE: usize = 512;
/// How long a closing connection may take to accept its last bytes.
const CLOSING_MS_MAX: u64 = 5_000;

/// The state of a shard's thread.
pub(super) struct Loop {
    pub(super) node: Arc<Node>,
    pub(super) index: usize,
    pub(super) core: Shard,
    /// I/O of connections, at the core's index; refused ones are in `refused`.
    pub(super) ios: Vec<Option<Box<Io>>>,
    refused: Vec<Io>,
    echoes: Echoes,
    poll: Poll,
    mailbox: Mailbox,
    buffer: Vec<u8>,
    dirty: Vec<u32>,
    unread: Vec<u32>,
    writes: Vec<(u32, Bytes)>,
    pub(super) effects: Vec<Effect>,
    pub(super) appends: super::effects::Appends,
    entries: Vec<Arc<FeedEntry>>,
    feed_version: u64,
    /// Traces of publishes whose answers go out in this turn.
    traced: Vec<PublishTrace>,
    /// Reads that too many others were waiting before.
    pub(super) postponed: Vec<Job>,
    ticked_ms: u64,
    running: bool,
}

impl Loop {
    pub fn new(node: Arc<Node>, index: usize, poll: Poll, mailbox: Mailbox, heads: Vec<Serial>) -> Self {
        let core = Shard::new(Arc::clone(node.limits()), heads);
        Self {
            node,
            index,
            core,
            ios: Vec::new(),
            refused: Vec::new(),
            echoes: Echoes::default(),
            poll,
            mailbox,
            buffer: vec![0; READ_BUFFER],
            dirty: Vec::new(),
            unread: Vec::new(),
            writes: Vec::new(),
            effects: Vec::new(),
            appends: Default::default(),
            entries: Vec::new(),
            feed_version: u64::MAX,
            traced: Vec::new(),
            postponed: Vec::new(),
            ticked_ms: 0,
            running: true,
        }
    }

    pub fn run(mut self) {
        let mut events = Events::with_capacity(1_024);
        while self.running {
            let busy = !self.unread.is_empty() || self.feed_version != self.node.feed().version();
            let timeout = if busy { Duration::ZERO } else { Duration::from_millis(TICK_MS) };
            match self.poll.poll(&mut events, Some(timeout)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    tracing::error!(%error, "a shard cannot wait for its sockets: the process stops");
                    std::process::abort();
                }
            }
            self.turn(&events);
        }
    }

    fn turn(&mut self, events: &Events) {
        let now = self.node.clock().now();
        self.take_mailbox(now);
        for event in events.iter().filter(|event| event.token() != WAKER) {
            if event.token().0 >= ECHO_TOKENS {
                self.echoes.ready(self.poll.registry(), event.token(), &mut self.buffer);
                continue;
            }
            let index = event.token().0 as u32;
            if event.is_writable() {
                self.writable(index);
            }
            if event.is_readable() || event.is_read_closed() || event.is_error() {
                self.read(now, index);
            }
        }
        for index in std::mem::take(&mut self.unread) {
            self.read(now, index);
        }
        self.take_feed(now);
        if self.core.has_catch_up() {
            let node = Arc::clone(&self.node);
            self.core.catch_up(now, &*node);
        }
        if now.mono_ms.saturating_sub(self.ticked_ms) >= TICK_MS {
            self.tick(now);
        }
        self.core.flush_due_answers();
        self.carry_out(now);
        self.flush(now);
        self.traced.drain(..).for_each(|mut trace| trace.reached(Stage::Acknowledged));
        count(self.node.metrics(), self.core.take_tally());
    }

    fn tick(&mut self, now: Now) {
        self.ticked_ms = now.mono_ms;
        self.core.tick(now);
        std::mem::take(&mut self.postponed).into_iter().for_each(|job| self.submit(job));
        let overdue =
            |io: &Io| io.closing && now.mono_ms.saturating_sub(io.closing_since_ms) > CLOSING_MS_MAX;
        let ends: Vec<u32> = (0..self.ios.len() as u32)
            .filter(|index| self.ios[*index as usize].as_ref().is_some_and(|io| overdue(io)))
            .collect();
        for index in ends {
            self.remove(now, index);
        }
        self.refused.retain_mut(|io| !overdue(io));
    }

    fn take_mailbox(&mut self, now: Now) {
        let inbox = self.mailbox.take();
        let node = Arc::clone(&self.node);
        for command in inbox.commands {
            match command {
                Command::Adopt(adopted) => self.adopt(now, *adopted),
                Command::Appended(outcomes) => {
                    for Outcome { ticket, outcome, messages, trace } in outcomes {
                        self.core.appended(ticket, outcome, messages);
                        self.traced.extend(trace.map(|trace| *trace));
                    }
                }
                Command::Accepted(ticket, outcome) => self.core.accepted(ticket, outcome),
                Command::Backlog(slot, name, backlog) => self.core.backlog(now, &*node, slot, &name, backlog),
                Command::Rewound(slot, name, start) => self.core.rewound(&*node, slot, &name, start),
                Command::Supersede(slot) => self.core.supersede(slot),
                Command::Tick => self.tick(now),
                Command::Drain => self.core.slots().into_iter().for_each(|slot| self.core.drain(slot)),
                Command::Stop => self.running = false,
            }
        }
        // Messages first, so that what a presence or ephemeral event refers to is there before it.
        if !inbox.presence.is_empty() || !inbox.ephemeral.is_empty() || inbox.presence_lost {
            self.take_feed(now);
        }
        for changes in inbox.presence {
            self.core.presence_changes(now, &changes);
        }
        if inbox.presence_lost {
            self.core.presence_lost(&*node);
        }
        for message in inbox.ephemeral {
            self.core.ephemeral(now, &message);
        }
    }

    /// Takes what is new in every partition. Called before a client's frames are looked at, so that an attach never
    /// starts before what was acknowledged before it.
    fn take_feed(&mut self, now: Now) {
        let version = self.node.feed().version();
        if version == self.feed_version {
            return;
        }
        let mut rest = false;
        for partition in self.node.feed().partitions() {
            rest |= self.take_partition(now, partition);
        }
        if !rest {
            self.feed_version = version;
        }
    }

    /// `true` when there is more.
    fn take_partition(&mut self, now: Now, partition: PartitionId) -> bool {
        let after = self.core.cursor(partition).seq;
        let head = self.node.feed().head_seq(partition);
        if head <= after {
            return false;
        }
        let mut entries = std::mem::take(&mut self.entries);
        if !self.node.feed().read(partition, after, FEED_PIECE, &mut entries) {
            // The ring is past this shard: read what it missed where everything is.
            match self.node.entries_after(partition, after) {
                Ok(read) => entries.extend(read),
                Err(error) => tracing::error!(%error, "a shard cannot read what it missed; it tries again"),
            }
        }
        let last = entries.last().map_or(after, |entry| entry.serial.seq);
        if !self.core.entries(now, partition, &entries) {
            self.node.metrics().law_broken(Law::Gap1, "a shard was given entries out of sequence");
        }
        entries.clear();
        self.entries = entries;
        last < head
    }

    fn adopt(&mut self, now: Now, adopted: Adopted) {
        let Adopted { socket, read_ahead, purpose, guard } = adopted;
        match purpose {
            Purpose::Realtime(opening) => {
                let id = opening.id.clone();
                let slot = self.core.open(now, opening);
                let place = Place { shard: self.index, slot };
                if let Some(old) = self.node.registry().live(&id, place) {
                    self.node.tell(old.shard, Command::Supersede(old.slot));
                }
                self.node.presence().returned(&id);
                tracing::debug!(connection = %id, shard = self.index, "connected");
                let io = Io::new(socket, self.node.limits().frame_bytes_max, Some(slot), guard);
                self.install(now, slot, io, &read_ahead);
            }
            Purpose::Refuse(refused) => self.refuse(now, Io::new(socket, 0, None, guard), &refused),
            Purpose::Echo => self.echoes.adopt(self.poll.registry(), socket, &read_ahead, guard),
        }
    }

    fn install(&mut self, now: Now, slot: Slot, io: Io, read_ahead: &[u8]) {
        let index = slot.index as usize;
        if self.ios.len() <= index {
            self.ios.resize_with(index + 1, || None);
        }
        let mut io = Box::new(io);
        if let Err(error) = io.socket.register(self.poll.registry(), Token(index)) {
            tracing::warn!(%error, "a connection cannot be watched");
            io.closing = true;
        }
        self.node.metrics().connections_open.inc();
        self.node.metrics().connections_opened.inc();
        self.ios[index] = Some(io);
        if !read_ahead.is_empty() {
            let mut bytes = read_ahead.to_vec();
            self.received(now, slot.index, &mut bytes);
        }
        self.unread.push(slot.index);
    }

    /// Tells why a connection is refused, and closes it; it never becomes a connection. DISCONNECTED where coming back
    /// can help, since clients take an ERROR as final.
    fn refuse(&mut self, now: Now, mut io: Io, refused: &Refused) {
        let passes = refused.error.status_code >= 500 || refused.error.code == ErrorCode::Disconnected.code();
        let action = if passes { Action::Disconnected } else { Action::Error };
        let error = ProtocolMessage { error: Some(refused.error.clone()), ..ProtocolMessage::new(action) };
        io.outbox.push(loquat_core::render::frame(&error, refused.format));
        io.outbox.push(close_frame(close_code::NORMAL, ""));
        (io.closing, io.closing_since_ms) = (true, now.mono_ms);
        drop(io.outbox.flush(&mut io.socket));
        io.socket.shut_down();
        // Kept for a moment: closing at once could take the error back from the client's unread bytes.
        if self.refused.len() < 4_096 {
            self.refused.push(io);
        }
    }

    fn read(&mut self, now: Now, index: u32) {
        let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { return };
        if io.closing || !io.reading {
            io.unread = true;
            return;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        match io.socket.read(&mut buffer) {
            Ok(0) => self.remove(now, index),
            Ok(length) => {
                self.node.metrics().bytes_in.inc_by(length as u64);
                // A plain short read has emptied the socket; anything else is read again in the next turn, so that one
                // busy connection cannot keep the others waiting.
                let emptied = matches!(io.socket, super::Socket::Plain(_)) && length < buffer.len();
                if !emptied {
                    self.unread.push(index);
                }
                self.take_feed(now);
                self.received(now, index, &mut buffer[..length]);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.unread.push(index),
            Err(_) => self.remove(now, index),
        }
        self.buffer = buffer;
    }

    fn received(&mut self, now: Now, index: u32, mut input: &mut [u8]) {
        let node = Arc::clone(&self.node);
        let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { return };
        let Some(slot) = io.slot else { return };
        loop {
            match io.decoder.decode(&mut input) {
                Ok(None) => return,
                Ok(Some(Event::Text(text))) => {
                    self.core.frame(now, &*node, slot, Format::Json, text.as_bytes())
                }
                Ok(Some(Event::Binary(bytes))) => self.core.frame(now, &*node, slot, Format::Msgpack, bytes),
                Ok(Some(Event::Ping(payload))) => io.outbox.push(server_frame(Opcode::Pong, payload)),
                Ok(Some(Event::Pong(_))) => continue,
                Ok(Some(Event::Close(frame))) => {
                    io.outbox.push(close_reply(frame));
                    (io.closing, io.closing_since_ms) = (true, now.mono_ms);
                }
                Err(error) => {
                    let code = if error.close_code() == close_code::TOO_BIG {
                        ErrorCode::MessageTooLarge
                    } else {
                        ErrorCode::ProtocolError
                    };
                    let close = close_frame(error.close_code(), &error.to_string());
                    self.core.fail(slot, Action::Error, ErrorInfo::new(code, error.to_string()));
                    self.core.take_writes(&mut self.writes);
                    self.queue_writes();
                    if let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) {
                        io.outbox.push(close);
                    }
                    self.mark_dirty(index);
                    return;
                }
            }
            node.metrics().frames_in.inc();
            if !io.dirty && !io.outbox.is_empty() {
                io.dirty = true;
                self.dirty.push(index);
            }
        }
    }

    fn writable(&mut self, index: u32) {
        let blocked =
            self.ios.get(index as usize).and_then(Option::as_ref).is_some_and(|io| io.blocked || io.closing);
        if blocked {
            self.mark_dirty(index);
        }
    }

    pub(super) fn mark_dirty(&mut self, index: u32) {
        if let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut)
            && !io.dirty
        {
            io.dirty = true;
            self.dirty.push(index);
        }
    }

    /// Moves the core's frames into the outboxes.
    pub(super) fn queue_writes(&mut self) {
        let mut bytes = 0;
        self.node.metrics().frames_out.inc_by(self.writes.len() as u64);
        for (index, frame) in self.writes.drain(..) {
            let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            bytes += frame.len() as u64;
            io.outbox.push(frame);
            if !io.dirty {
                io.dirty = true;
                self.dirty.push(index);
            }
        }
        self.node.metrics().bytes_out.inc_by(bytes);
    }

    pub(super) fn take_core_writes(&mut self) {
        self.core.take_writes(&mut self.writes);
        self.queue_writes();
    }

    /// One write per connection that has something.
    fn flush(&mut self, now: Now) {
        let node = Arc::clone(&self.node);
        for index in std::mem::take(&mut self.dirty) {
            let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            io.dirty = false;
            let flushed = io.outbox.flush(&mut io.socket);
            let too_much = io.outbox.bytes() > node.limits().control_bytes_max + (4 << 20);
            match (flushed, io.slot) {
                (Ok(Flushed::All), _) if io.closing => {
                    io.socket.shut_down();
                    self.remove(now, index);
                }
                (Ok(Flushed::All), Some(slot)) if std::mem::take(&mut io.blocked) => {
                    node.metrics().slow_readers.dec();
                    self.core.drained(&*node, slot);
                    self.take_core_writes();
                    if let Err(error) = self.poll_again(index) {
                        tracing::debug!(%error, "a connection cannot be read on");
                    }
                }
                (Ok(Flushed::Blocked), Some(_)) if too_much => {
                    node.metrics().readers_cut_off.inc();
                    self.remove(now, index);
                }
                (Ok(Flushed::Blocked), Some(slot)) if !io.blocked => {
                    io.blocked = true;
                    node.metrics().slow_readers.inc();
                    self.core.blocked(now, slot);
                }
                (Ok(_), _) => {}
                (Err(_), _) => self.remove(now, index),
            }
        }
    }

    fn poll_again(&mut self, index: u32) -> io::Result<()> {
        // What the core wrote on waking up is flushed in the next turn, which must not wait for an event.
        self.mark_dirty(index);
        self.mailbox.wake();
        Ok(())
    }

    /// The connection is gone.
    pub(super) fn remove(&mut self, now: Now, index: u32) {
        let Some(mut io) = self.ios.get_mut(index as usize).and_then(Option::take) else { return };
        io.socket.deregister(self.poll.registry());
        self.node.metrics().connections_open.dec();
        if io.blocked {
            self.node.metrics().slow_readers.dec();
        }
        let Some(slot) = io.slot else { return };
        let grace_ms = self.core.connection(slot).map_or(0, |connection| connection.grace_ms);
        if let Some(id) = self.core.socket_closed(slot)
            && self.node.registry().gone(&id, Place { shard: self.index, slot }, now.mono_ms)
        {
            tracing::debug!(connection = %id, "the socket is gone; the connection can be resumed");
            self.node.presence().departed(&id, now.mono_ms + grace_ms);
        }
    }

    pub(super) fn reading(&mut self, slot: Slot, on: bool) {
        let Some(io) = self.ios.get_mut(slot.index as usize).and_then(Option::as_mut) else { return };
        io.reading = on;
        if on && std::mem::take(&mut io.unread) {
            self.unread.push(slot.index);
        }
    }

    pub(super) fn close(&mut self, now: Now, slot: Slot) {
        let Some(io) = self.ios.get_mut(slot.index as usize).and_then(Option::as_mut) else { return };
        if io.slot == Some(slot) && !io.closing {
            (io.closing, io.closing_since_ms) = (true, now.mono_ms);
            io.outbox.push(close_frame(close_code::NORMAL, ""));
            self.mark_dirty(slot.index);
        }
    }
}
