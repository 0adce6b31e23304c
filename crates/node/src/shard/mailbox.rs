//! How others reach a shard.

use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use loquat_core::{
    Changed, Slot,
    channel::EphemeralMessage,
    effect::Ticket,
    presence::Change,
    shard::{Backlog, RewindStart},
};
use loquat_protocol::{ChannelName, ClientId, ErrorInfo, Serial};
use loquat_telemetry::PublishTrace;
use mio::{Registry, Waker};
use parking_lot::Mutex;

use super::{Adopted, WAKER};

/// Presence changes that may wait; past it they are dropped and every attachment gets a fresh snapshot instead.
const PRESENCE_MAX: usize = 65_536;
/// Ephemeral messages that may wait; past it the oldest are dropped, as ephemeral messages may be; of those that are
/// needed who missed them is told.
const EPHEMERAL_MAX: usize = 16_384;

/// What a shard is told. How many can wait is bounded by what causes them: connections by the listener, outcomes by the
/// publishes in flight, answers by the questions asked.
pub enum Command {
    /// A connection to serve.
    Adopt(Box<Adopted>),
    /// Outcomes of appends.
    Appended(Vec<Outcome>),
    /// What an attachment missed.
    Backlog(Slot, ChannelName, Backlog),
    /// Where a rewind starts.
    Rewound(Slot, ChannelName, RewindStart),
    /// Another socket has resumed the connection.
    Supersede(Slot),
    /// Look after every connection now.
    Tick,
    /// Tell every client to reconnect.
    Drain,
    /// End the thread.
    Stop,
}

/// The outcome of an append that a connection waits for.
pub struct Outcome {
    /// Who waits.
    pub ticket: Ticket,
    /// Where the entry stands.
    pub outcome: Result<Serial, ErrorInfo>,
    /// How many messages it has.
    pub messages: usize,
    /// The publish's trace, if it is traced.
    pub trace: Option<Box<PublishTrace>>,
}

/// What waits for a shard.
#[derive(Default)]
pub struct Inbox {
    /// Commands, in order.
    pub commands: Vec<Command>,
    /// Presence changes, in order of their versions.
    pub presence: Vec<Arc<[Change]>>,
    /// Whether changes were dropped.
    pub presence_lost: bool,
    /// Ephemeral messages.
    pub ephemeral: VecDeque<Arc<EphemeralMessage>>,
    /// Whether some were dropped that must not be missed unnoticed.
    pub ephemeral_lost: bool,
}

struct Shared {
    inbox: Mutex<Inbox>,
    /// Whose rights have changed. Apart from the inbox, so that a shard which is about to deliver something can look
    /// without taking the rest.
    rights: Mutex<Changed>,
    rights_changed: AtomicBool,
    waker: Waker,
    /// A wake-up is on its way or the shard is awake and will look again: no further one is needed.
    awake: AtomicBool,
}

/// A handle to a shard's inbox.
#[derive(Clone)]
pub struct Mailbox(Arc<Shared>);

impl Mailbox {
    /// An empty mailbox whose waker is registered.
    ///
    /// # Errors
    /// When the system gives no event descriptor.
    pub fn new(registry: &Registry) -> io::Result<Self> {
        let waker = Waker::new(registry, WAKER)?;
        Ok(Self(Arc::new(Shared {
            inbox: Mutex::default(),
            rights: Mutex::default(),
            rights_changed: AtomicBool::new(false),
            waker,
            awake: AtomicBool::new(false),
        })))
    }

    /// Makes the shard take a turn.
    pub fn wake(&self) {
        if !self.0.awake.swap(true, Ordering::AcqRel)
            && let Err(error) = self.0.waker.wake()
        {
            self.0.awake.store(false, Ordering::Release);
            tracing::error!(%error, "a shard cannot be woken");
        }
    }

    /// Leaves a command.
    pub fn push(&self, command: Command) {
        self.0.inbox.lock().commands.push(command);
        self.wake();
    }

    /// Leaves a command for a shard that is about to be woken all the same.
    pub fn leave(&self, command: Command) {
        self.0.inbox.lock().commands.push(command);
    }

    /// Leaves presence changes.
    pub fn presence(&self, changes: Arc<[Change]>) {
        let mut inbox = self.0.inbox.lock();
        if inbox.presence.len() >= PRESENCE_MAX {
            inbox.presence.clear();
            inbox.presence_lost = true;
        }
        if !inbox.presence_lost {
            inbox.presence.push(changes);
        }
        drop(inbox);
        self.wake();
    }

    /// Leaves an ephemeral message.
    pub fn ephemeral(&self, message: Arc<EphemeralMessage>) {
        let mut inbox = self.0.inbox.lock();
        if inbox.ephemeral.len() >= EPHEMERAL_MAX {
            let dropped = inbox.ephemeral.pop_front();
            inbox.ephemeral_lost |= dropped.is_some_and(|dropped| dropped.is_needed());
        }
        inbox.ephemeral.push_back(message);
        drop(inbox);
        self.wake();
    }

    /// A client's rights have changed, or everybody's.
    pub fn rights_changed(&self, client: Option<ClientId>) {
        self.0.rights.lock().add(client);
        self.0.rights_changed.store(true, Ordering::Release);
        self.wake();
    }

    /// Whose rights have changed since the last call. Costs a load where nobody's have.
    pub fn take_rights_changed(&self) -> Changed {
        match self.0.rights_changed.load(Ordering::Acquire)
            && self.0.rights_changed.swap(false, Ordering::AcqRel)
        {
            true => std::mem::take(&mut *self.0.rights.lock()),
            false => Changed::Nobody,
        }
    }

    /// Takes everything but changed rights. From here on a new message wakes the shard again.
    pub fn take(&self) -> Inbox {
        self.0.awake.store(false, Ordering::Release);
        std::mem::take(&mut *self.0.inbox.lock())
    }
}
