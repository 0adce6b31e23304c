//! A client that does what the SDKs do: reconnects, resumes, attaches where it left off, sends again what was not
//! acknowledged, under its old number. And it writes everything down.

mod incoming;
mod records;
mod session;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use loquat_protocol::{Format, Message};
use parking_lot::{Condvar, Mutex};

pub use records::{Outcome, Published, Received, Records, Segment, number_of, numbered};

/// How a client is.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server.
    pub server: SocketAddr,
    /// What it speaks.
    pub format: Format,
    /// What it attaches to.
    pub channels: Vec<String>,
    /// Publishes that may wait for their answer.
    pub in_flight: usize,
}

/// What the client's thread and its user share.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    stop: AtomicBool,
}

#[derive(Default)]
struct State {
    records: Records,
    /// Publishes that were not sent yet, by their place in the records.
    outgoing: VecDeque<usize>,
    /// Publishes that were sent and not answered, in order: number and place in the records.
    pending: VecDeque<(i64, usize)>,
    connected: bool,
}

/// A client, and the thread that it runs on.
pub struct Client {
    shared: Arc<Shared>,
    in_flight: usize,
    thread: Option<JoinHandle<()>>,
}

impl Client {
    /// Starts a client; it connects and attaches by itself, again and again.
    ///
    /// # Panics
    /// When the system gives no thread.
    pub fn start(options: Options) -> Self {
        let shared = Arc::new(Shared::default());
        let in_flight = options.in_flight;
        let thread = std::thread::Builder::new().name("client".to_owned());
        let run = {
            let shared = Arc::clone(&shared);
            move || session::run(&shared, &options)
        };
        Self { shared, in_flight, thread: Some(thread.spawn(run).expect("a thread")) }
    }

    /// Publishes messages together, once fewer than the bound wait. `None` when it was stopped first, or nothing moved
    /// for a minute.
    pub fn publish(&self, channel: &str, messages: Vec<Message>) -> Option<usize> {
        let mut state = self.shared.state.lock();
        let deadline = Instant::now() + Duration::from_secs(60);
        while state.pending.len() + state.outgoing.len() >= self.in_flight {
            if self.shared.changed.wait_until(&mut state, deadline).timed_out() {
                return None;
            }
        }
        let place = state.records.published.len();
        state.records.published.push(Published::new(channel, messages));
        state.outgoing.push_back(place);
        Some(place)
    }

    /// Waits until `condition` holds of the records, at most `limit`.
    pub fn wait(&self, limit: Duration, mut condition: impl FnMut(&Records) -> bool) -> bool {
        let deadline = Instant::now() + limit;
        let mut state = self.shared.state.lock();
        while !condition(&state.records) {
            if self.shared.changed.wait_until(&mut state, deadline).timed_out() {
                return condition(&state.records);
            }
        }
        true
    }

    /// Waits until every publish has its answer, at most `limit`.
    pub fn settles(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        let mut state = self.shared.state.lock();
        while !state.pending.is_empty() || !state.outgoing.is_empty() {
            if self.shared.changed.wait_until(&mut state, deadline).timed_out() {
                return false;
            }
        }
        true
    }

    /// Whether it is connected.
    pub fn is_connected(&self) -> bool {
        self.shared.state.lock().connected
    }

    /// Looks at the records.
    pub fn look<T>(&self, look: impl FnOnce(&Records) -> T) -> T {
        look(&self.shared.state.lock().records)
    }

    /// Ends the client; what it wrote down.
    ///
    /// # Panics
    /// When its thread has panicked.
    pub fn finish(mut self) -> Records {
        self.stop();
        std::mem::take(&mut self.shared.state.lock().records)
    }

    fn stop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking(), "a client's thread has panicked");
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stop();
    }
}
