//! The batches that wait for a partition. Bounded in bytes over all partitions.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use loquat_log::{AppendDone, Appended, LogError, LogErrorKind, NewEntry};
use parking_lot::Mutex;
use tokio::{sync::Notify, time::Instant};

use super::{UNIT_BYTES_MAX, UNIT_ENTRIES_MAX};

/// The caller of an append, who is told exactly once: at the latest when the engine goes away.
pub(crate) struct Done {
    done: Option<AppendDone>,
    /// Given back after the caller was told.
    _counted: Counted,
}

impl Done {
    pub(crate) fn new(done: AppendDone, counted: Counted) -> Self {
        Self { done: Some(done), _counted: counted }
    }

    pub(crate) fn tell(mut self, outcome: Result<Vec<Appended>, LogError>) {
        if let Some(done) = self.done.take() {
            done(outcome);
        }
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(Err(LogError::new(
                LogErrorKind::Unknown,
                "the log was dropped while the append was under way",
            )));
        }
    }
}

/// A share of the queue's bytes, given back when dropped.
pub(crate) struct Counted {
    total: Arc<AtomicUsize>,
    bytes: usize,
}

impl Counted {
    /// Takes a share, unless that would exceed `max`.
    pub(crate) fn take(total: &Arc<AtomicUsize>, bytes: usize, max: usize) -> Option<Self> {
        let taken = Self { total: Arc::clone(total), bytes };
        (total.fetch_add(bytes, Relaxed) + bytes <= max).then_some(taken)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Relaxed);
    }
}

/// One call of append.
pub(crate) struct Batch {
    pub entries: Vec<NewEntry>,
    pub done: Done,
}

#[derive(Default)]
struct State {
    batches: VecDeque<Batch>,
    closed: Option<Instant>,
}

/// The batches that wait for one partition, in the order of the calls.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Notify,
}

impl Queue {
    /// Adds a batch; gives it back when the queue is closed.
    pub(crate) fn push(&self, batch: Batch) -> Result<(), Batch> {
        let mut state = self.state.lock();
        if state.closed.is_some() {
            return Err(batch);
        }
        state.batches.push_back(batch);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Takes no more batches. Those that wait are still handed out.
    pub(crate) fn close(&self) {
        self.state.lock().closed.get_or_insert_with(Instant::now);
        self.changed.notify_one();
    }

    /// When the queue was closed.
    pub(crate) fn closed_at(&self) -> Option<Instant> {
        self.state.lock().closed
    }

    /// The next batches that fit into one unit, at least one; `None` when the queue is closed and empty. Only one
    /// task may wait here.
    pub(crate) async fn next_unit(&self) -> Option<Vec<Batch>> {
        loop {
            {
                let mut state = self.state.lock();
                let unit = front(&mut state.batches);
                if !unit.is_empty() {
                    return Some(unit);
                }
                if state.closed.is_some() {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }
}

/// Takes batches while they stay one atomic publish, so that each is stored or refused as a whole.
fn front(batches: &mut VecDeque<Batch>) -> Vec<Batch> {
    let mut unit = Vec::new();
    let (mut entries, mut bytes) = (0, 0);
    let mut keys = std::collections::HashSet::new();
    while let Some(next) = batches.front() {
        entries += next.entries.len();
        bytes += next.entries.iter().map(|entry| entry.body.len()).sum::<usize>();
        let distinct = next.entries.iter().all(|entry| keys.insert(entry.key));
        let fits = distinct && entries <= UNIT_ENTRIES_MAX && bytes <= UNIT_BYTES_MAX;
        if !unit.is_empty() && !fits {
            break;
        }
        unit.extend(batches.pop_front());
        if !fits {
            break;
        }
    }
    unit
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use loquat_log::DedupeKey;

    use super::*;

    fn batch(keys: &[u8], total: &Arc<AtomicUsize>) -> Batch {
        let entry = |&key: &u8| NewEntry { key: DedupeKey([key; 16]), time_ms: 0, body: Bytes::new() };
        let counted = Counted::take(total, 1, usize::MAX).unwrap();
        Batch { entries: keys.iter().map(entry).collect(), done: Done::new(Box::new(|_| ()), counted) }
    }

    #[test]
    fn batches_share_a_unit_unless_a_key_repeats() {
        let total = Arc::new(AtomicUsize::new(0));
        let mut batches: VecDeque<_> =
            [&[1, 2][..], &[3], &[2], &[4, 4], &[5]].map(|keys| batch(keys, &total)).into();
        let mut sizes = Vec::new();
        while !batches.is_empty() {
            sizes.push(front(&mut batches).len());
        }
        assert_eq!(sizes, [2, 1, 1, 1]);
        assert_eq!(total.load(Relaxed), 0);
    }

    #[test]
    fn a_share_past_the_bound_is_refused_and_given_back() {
        let total = Arc::new(AtomicUsize::new(0));
        let held = Counted::take(&total, 60, 100).unwrap();
        assert!(Counted::take(&total, 60, 100).is_none());
        assert_eq!(total.load(Relaxed), 60);
        drop(held);
        assert!(Counted::take(&total, 100, 100).is_some());
    }

    #[test]
    fn a_dropped_batch_tells_its_caller() {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let counted = Counted::take(&Arc::default(), 1, 1).unwrap();
        drop(Done::new(Box::new(move |outcome| tell.send(outcome).unwrap()), counted));
        assert_eq!(told.recv().unwrap().unwrap_err().kind, LogErrorKind::Unknown);
    }
}
