//! Giving followers their backlog, until the writer can take over.
//!
//! A follower whose `after` is the head is live at once. Any other is caught up by one thread, a chunk at a time and
//! partition by partition, so that no backlog is held in memory and the writer never waits. The cut is under the
//! partition's lock: when everything up to the head is delivered the follower becomes live, and from then on only the
//! writer calls it.

use std::{
    collections::VecDeque,
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use loquat_log::{FeedSink, LogError, LogErrorKind, ReadLimit};
use loquat_protocol::PartitionId;
use parking_lot::Mutex;

use crate::{
    bodies::Bodies,
    error::closed,
    reader::Readers,
    state::{Follower, State},
};

const CHUNK: ReadLimit = ReadLimit { entries: 512, bytes: 1 << 20 };
/// Between tries when the storage can't be read.
const RETRY: Duration = Duration::from_millis(100);

struct Lagging {
    partition: PartitionId,
    sink: Arc<dyn FeedSink>,
    next: u64,
    stalled: bool,
}

/// The catch-up thread.
pub(crate) struct Feed {
    state: Arc<State>,
    /// None once closed.
    requests: Mutex<Option<mpsc::SyncSender<Lagging>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Feed {
    pub(crate) fn start(state: Arc<State>, readers: Arc<Readers>) -> std::io::Result<Self> {
        // One follower per partition: this never fills.
        let (requests, queue) = mpsc::sync_channel(usize::from(state.len()));
        let shared = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("log-catch-up".into())
            .spawn(move || catch_up_all(&shared, &readers, &queue))?;
        Ok(Self { state, requests: Mutex::new(Some(requests)), thread: Mutex::new(Some(thread)) })
    }

    /// Registers a follower of the entries after `after`.
    pub(crate) fn follow(
        &self,
        partition: PartitionId,
        after: u64,
        sink: Arc<dyn FeedSink>,
    ) -> Result<(), LogError> {
        let requests = self.requests.lock();
        let Some(requests) = &*requests else { return Err(closed()) };
        let mut state = self.state.lock(partition);
        if !matches!(state.follower, Follower::None) {
            return Err(LogError::new(LogErrorKind::Unavailable, "the partition has a follower already"));
        }
        if after.saturating_add(1) < state.first_seq {
            let message = format!("partition {partition} begins at {} now, after {after}", state.first_seq);
            return Err(LogError::new(LogErrorKind::Truncated, message));
        }
        if after > state.serial.seq {
            let message = format!("partition {partition} ends at {}, before {after}", state.serial.seq);
            return Err(LogError::new(LogErrorKind::Damaged, message));
        }
        if after == state.serial.seq {
            state.follower = Follower::Live(sink);
            return Ok(());
        }
        let next = after + 1;
        state.follower = Follower::CatchingUp { next };
        drop(state);
        requests.send(Lagging { partition, sink, next, stalled: false }).map_err(|_| closed())
    }

    /// Ends the thread; followers get nothing from it any more.
    pub(crate) fn close(&self) {
        self.requests.lock().take();
        let thread = self.thread.lock().take();
        // A panic there was a sink's, and was reported when it happened.
        thread.map(JoinHandle::join);
    }
}

fn catch_up_all(state: &State, readers: &Readers, requests: &mpsc::Receiver<Lagging>) {
    let mut lagging: VecDeque<Lagging> = VecDeque::new();
    let mut bodies = Bodies::default();
    while !state.is_closed() {
        if lagging.is_empty() {
            bodies = Bodies::default();
            let Ok(first) = requests.recv() else { return };
            lagging.push_back(first);
        }
        lagging.extend(requests.try_iter());
        let Some(mut one) = lagging.pop_front() else { continue };
        match catch_up(state, readers, &mut bodies, &mut one) {
            Ok(true) => {}
            Ok(false) => lagging.push_back(one),
            Err(error) => {
                tracing::warn!(partition = %one.partition, %error, "a follower's backlog can't be read");
                set_stalled(&mut one, true);
                lagging.push_back(one);
                match requests.recv_timeout(RETRY) {
                    Ok(another) => lagging.push_back(another),
                    Err(mpsc::RecvTimeoutError::Timeout) => {}
                    Err(mpsc::RecvTimeoutError::Disconnected) => return,
                }
            }
        }
    }
}

/// Delivers one chunk. True when the follower is live.
fn catch_up(
    state: &State,
    readers: &Readers,
    bodies: &mut Bodies,
    one: &mut Lagging,
) -> Result<bool, LogError> {
    if go_live(state, one) {
        return Ok(true);
    }
    let entries = readers.read(one.partition, one.next, CHUNK, bodies)?;
    let dense = entries.iter().zip(one.next..).all(|(entry, seq)| entry.serial.seq == seq);
    if entries.is_empty() || !dense {
        let message = format!("partition {} lacks an entry after {}", one.partition, one.next - 1);
        return Err(LogError::new(LogErrorKind::Damaged, message));
    }
    set_stalled(one, false);
    let end = one.next + entries.len() as u64;
    one.sink.entries(one.partition, entries);
    one.sink.settled();
    one.next = end;
    state.lock(one.partition).follower = Follower::CatchingUp { next: end };
    Ok(go_live(state, one))
}

fn go_live(state: &State, one: &Lagging) -> bool {
    let mut partition = state.lock(one.partition);
    let caught_up = partition.serial.seq + 1 == one.next;
    if caught_up {
        partition.follower = Follower::Live(Arc::clone(&one.sink));
    }
    caught_up
}

fn set_stalled(one: &mut Lagging, stalled: bool) {
    if one.stalled != stalled {
        one.stalled = stalled;
        one.sink.stalled(one.partition, stalled);
    }
}
