//! The loop of a shard.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use loquat_core::{Changed, Effect, Now, Shard, feed::FeedEntry, shard::TICK_MS};
use loquat_protocol::Serial;
use loquat_telemetry::{PublishTrace, Stage};
use mio::{Events, Poll};

use super::{
    WAKER,
    appends::Appends,
    connection::Io,
    count::count,
    echo::{ECHO_TOKENS, Echoes},
    mailbox::{Command, Mailbox, Outcome},
    parting::{PARTING_TOKENS, Partings},
};
use crate::{Node, backlog::Job};

/// One read takes at most this; the buffer is the shard's, not the connection's.
const READ_BUFFER: usize = 256 * 1024;

/// The state of a shard's thread.
pub(super) struct Loop {
    pub(super) node: Arc<Node>,
    pub(super) index: usize,
    pub(super) core: Shard,
    /// I/O of connections, at the core's index.
    pub(super) ios: Vec<Option<Box<Io>>>,
    pub(super) partings: Partings,
    pub(super) echoes: Echoes,
    pub(super) poll: Poll,
    pub(super) mailbox: Mailbox,
    pub(super) buffer: Vec<u8>,
    pub(super) dirty: Vec<u32>,
    pub(super) unread: Vec<u32>,
    pub(super) writes: Vec<(u32, Bytes)>,
    pub(super) effects: Vec<Effect>,
    pub(super) appends: Appends,
    pub(super) entries: Vec<Arc<FeedEntry>>,
    pub(super) feed_version: u64,
    /// Traces of publishes whose answers go out in this turn.
    pub(super) traced: Vec<PublishTrace>,
    /// Reads that too many others were waiting before.
    pub(super) postponed: Vec<Job>,
    pub(super) ticked_ms: u64,
    pub(super) running: bool,
}

impl Loop {
    pub fn new(node: Arc<Node>, index: usize, poll: Poll, mailbox: Mailbox, heads: Vec<Serial>) -> Self {
        let core = Shard::new(Arc::clone(node.limits()), heads);
        Self {
            node,
            index,
            core,
            ios: Vec::new(),
            partings: Partings::default(),
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
            let behind = self.core.has_catch_up() || self.feed_version != self.node.feed().version();
            let busy = behind || !self.unread.is_empty() || self.partings.has_more();
            let timeout = if busy { Duration::ZERO } else { Duration::from_millis(TICK_MS) };
            match self.poll.poll(&mut events, Some(timeout)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    tracing::error!(%error, "a shard cannot wait for its sockets: the process stops");
                    loquat_telemetry::logging::abort();
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
            if event.token().0 >= PARTING_TOKENS {
                self.partings.ready(self.poll.registry(), event.token(), &mut self.buffer);
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
        self.partings.go_on(self.poll.registry(), &mut self.buffer);
        self.take_feed(now);
        if self.core.has_catch_up() {
            let node = Arc::clone(&self.node);
            self.core.catch_up(now, &*node);
        }
        if now.mono_ms.saturating_sub(self.ticked_ms) >= TICK_MS {
            self.tick(now);
        }
        self.carry_out(now);
        self.flush(now);
        self.traced.drain(..).for_each(|mut trace| trace.reached(Stage::Acknowledged));
        count(self.node.metrics(), self.core.take_tally());
    }

    fn tick(&mut self, now: Now) {
        self.ticked_ms = now.mono_ms;
        self.core.tick(now);
        std::mem::take(&mut self.postponed).into_iter().for_each(|job| self.submit(job));
        self.partings.tick(now.mono_ms);
    }

    /// Applies what has changed of rights. Called after something to deliver was taken and before it is delivered: what
    /// came after the change goes to nobody who lost the right to it (SEC-1).
    pub(super) fn take_rights_changed(&mut self, now: Now) {
        let changed = self.mailbox.take_rights_changed();
        if changed != Changed::Nobody {
            let node = Arc::clone(&self.node);
            self.core.rights_changed(now, &*node, &changed);
        }
    }

    fn take_mailbox(&mut self, now: Now) {
        let inbox = self.mailbox.take();
        self.take_rights_changed(now);
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
        if inbox.ephemeral_lost {
            self.core.ephemeral_lost(&*node);
        }
        for message in inbox.ephemeral {
            self.core.ephemeral(now, &message);
        }
    }
}
