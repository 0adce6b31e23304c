//! Reads of the past, which block: so many run at once, so many wait, the rest is told to come back.

use std::sync::Arc;

use loquat_protocol::{ErrorCode, ErrorInfo};
use tokio::sync::Semaphore;

/// Reads that run at once. Each may hold a page in memory, see [`super::walk::PAGE_BYTES_MAX`].
const RUNNING_MAX: usize = 8;
/// Reads that wait for their turn.
const WAITING_MAX: usize = 64;

/// The turns of blocking reads.
pub struct Reads {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Default for Reads {
    fn default() -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self { admitted: places(RUNNING_MAX + WAITING_MAX), running: places(RUNNING_MAX) }
    }
}

impl Reads {
    /// Runs a read on a thread that may block.
    ///
    /// # Errors
    /// 42910 (503) when too many wait; the read's.
    pub async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> Result<T, ErrorInfo> + Send + 'static,
    ) -> Result<T, ErrorInfo> {
        let busy = || {
            let text = "too many reads of history at once; try again";
            ErrorInfo::new(ErrorCode::RateLimited, text).with_status(503)
        };
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| busy())?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|_| busy())?;
        // A read goes on when its client hangs up; its places are free when it has ended, not before.
        let read = move || {
            let outcome = read();
            drop((turn, admitted));
            outcome
        };
        tokio::task::spawn_blocking(read).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a read of history failed");
            Err(ErrorCode::Internal.into())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use parking_lot::Mutex;
    use tokio::task::JoinHandle;

    use super::*;

    type Held = Vec<JoinHandle<Result<(), ErrorInfo>>>;

    /// As many reads as there are places, all held up until the sender is dropped.
    async fn fill(reads: &Arc<Reads>) -> (SyncSender<()>, Held) {
        let (open, gate) = sync_channel(0);
        let gate: Arc<Mutex<Receiver<()>>> = Arc::new(Mutex::new(gate));
        let spawn = |_| {
            let (reads, gate) = (Arc::clone(reads), Arc::clone(&gate));
            let read = move || {
                assert!(gate.lock().recv().is_err());
                Ok(())
            };
            tokio::spawn(async move { reads.run(read).await })
        };
        let held = (0..RUNNING_MAX + WAITING_MAX).map(spawn).collect();
        while reads.admitted.available_permits() > 0 || reads.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        (open, held)
    }

    #[tokio::test]
    async fn what_is_over_the_bound_is_refused_and_the_rest_is_served() {
        let reads = Arc::default();
        let (open, held) = fill(&reads).await;
        let refused = reads.run(|| Ok(())).await.unwrap_err();
        assert_eq!((refused.code, refused.status_code), (42910, 503));
        drop(open);
        for task in held {
            task.await.unwrap().unwrap();
        }
        reads.run(|| Ok(())).await.unwrap();
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_gives_its_place_back_when_its_read_has_ended() {
        let reads = Arc::default();
        let (open, held) = fill(&reads).await;
        for task in held {
            task.abort();
            drop(task.await);
        }
        assert_eq!(reads.running.available_permits(), 0);
        assert_eq!(reads.admitted.available_permits(), WAITING_MAX);
        drop(open);
        while reads.admitted.available_permits() < RUNNING_MAX + WAITING_MAX {
            tokio::task::yield_now().await;
        }
    }
}
