//! Reads of the past, which block: so many run at once, so many wait, the rest is told to come back.

use loquat_protocol::{ErrorCode, ErrorInfo};
use tokio::sync::Semaphore;

/// Reads that run at once. Each may hold a page in memory, see [`super::walk::PAGE_BYTES_MAX`].
const RUNNING_MAX: usize = 8;
/// Reads that wait for their turn.
const WAITING_MAX: usize = 64;

/// The turns of blocking reads.
pub struct Reads {
    admitted: Semaphore,
    running: Semaphore,
}

impl Default for Reads {
    fn default() -> Self {
        Self { admitted: Semaphore::new(RUNNING_MAX + WAITING_MAX), running: Semaphore::new(RUNNING_MAX) }
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
        let _admitted = self.admitted.try_acquire().map_err(|_| busy())?;
        let _turn = self.running.acquire().await.map_err(|_| busy())?;
        tokio::task::spawn_blocking(read).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a read of history failed");
            Err(ErrorCode::Internal.into())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    #[tokio::test]
    async fn what_is_over_the_bound_is_refused_and_the_rest_is_served() {
        let reads = Arc::new(Reads::default());
        let (open, gate) = mpsc::sync_channel::<()>(0);
        let gate = Arc::new(parking_lot::Mutex::new(gate));
        let spawn = || {
            let (reads, gate) = (Arc::clone(&reads), Arc::clone(&gate));
            tokio::spawn(async move { reads.run(move || Ok(drop(gate.lock().recv()))).await })
        };
        let held: Vec<_> = (0..RUNNING_MAX + WAITING_MAX).map(|_| spawn()).collect();
        while reads.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = reads.run(|| Ok(())).await.unwrap_err();
        assert_eq!((refused.code, refused.status_code), (42910, 503));
        drop(open);
        for task in held {
            task.await.unwrap().unwrap();
        }
        reads.run(|| Ok(())).await.unwrap();
    }
}
