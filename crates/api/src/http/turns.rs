//! Services block: so many calls run at once, so many wait, the rest is told to come back.

use std::sync::Arc;

use loquat_protocol::ErrorCode;
use tokio::sync::Semaphore;

use crate::Problem;

/// Ordinary calls that run at once: the store has one writer, and a few readers that answer in under a millisecond.
const CALLS_RUNNING_MAX: usize = 16;
/// Ordinary calls that wait for their turn.
const CALLS_WAITING_MAX: usize = 512;
/// Calls that hash a password run one per two cores or so: each holds a core and tens of megabytes.
const HASHES_RUNNING_MAX: usize = 2;
/// Calls that wait to hash a password; sign-in is slow on purpose, and a flood of it must not slow down the rest.
const HASHES_WAITING_MAX: usize = 64;

/// The turns of blocking calls.
pub struct Turns {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Turns {
    /// For calls that read and write the store.
    pub fn for_calls() -> Self {
        Self::new(CALLS_RUNNING_MAX, CALLS_WAITING_MAX)
    }

    /// For calls that hash a password.
    pub fn for_hashes() -> Self {
        Self::new(HASHES_RUNNING_MAX, HASHES_WAITING_MAX)
    }

    fn new(running_max: usize, waiting_max: usize) -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self { admitted: places(running_max + waiting_max), running: places(running_max) }
    }

    /// Runs a call on a thread that may block. It runs to its end even when its client hangs up.
    ///
    /// # Errors
    /// 50003 when too many wait; the call's.
    pub async fn run<T: Send + 'static, E: Into<Problem> + Send + 'static>(
        &self,
        call: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| Problem::busy())?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Problem::busy())?;
        // Its places are free when the call has ended, not when its client has gone.
        let call = move || {
            let outcome = call();
            drop((turn, admitted));
            outcome
        };
        match tokio::task::spawn_blocking(call).await {
            Ok(outcome) => outcome.map_err(Into::into),
            Err(error) => {
                tracing::error!(%error, "a call of the chat services failed");
                Err(ErrorCode::Internal.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use parking_lot::Mutex;

    use super::*;

    #[tokio::test]
    async fn what_is_over_the_bound_is_refused_and_the_rest_is_served() {
        let turns = Arc::new(Turns::new(1, 1));
        let (open, gate) = sync_channel::<()>(0);
        let gate = Arc::new(Mutex::new(gate));
        let held: Vec<_> = (0..2)
            .map(|_| {
                let (turns, gate) = (Arc::clone(&turns), Arc::clone(&gate));
                let call = move || {
                    assert!(gate.lock().recv().is_err());
                    Ok::<_, Problem>(())
                };
                tokio::spawn(async move { turns.run(call).await })
            })
            .collect();
        while turns.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = turns.run(|| Ok::<_, Problem>(())).await.unwrap_err();
        assert_eq!(refused.status(), 503);
        drop(open);
        for task in held {
            task.await.unwrap().unwrap();
        }
        turns.run(|| Ok::<_, Problem>(())).await.unwrap();
    }

    #[tokio::test]
    async fn a_call_that_panics_is_an_internal_error_and_gives_its_place_back() {
        let turns = Turns::new(1, 0);
        let panics = || -> Result<(), Problem> { panic!("a call of a test that panics") };
        assert_eq!(turns.run(panics).await.unwrap_err().status(), 500);
        turns.run(|| Ok::<_, Problem>(())).await.unwrap();
    }
}
