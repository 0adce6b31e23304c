//! What the chat product does by the clock.

use std::{
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use loquat_chat::Chat;
use loquat_telemetry::Metrics;

use super::counts;

/// How often: what `loquat users` changes has to hold within a second (SEC-1).
const EVERY: Duration = Duration::from_millis(500);

/// Every how many times stock is taken for the metrics: every 30 s.
const STOCK_EVERY: u32 = 60;

/// The thread that does it, and how to end it.
pub struct Chores {
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Chores {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(services: Arc<Chat>, metrics: Arc<Metrics>) -> std::io::Result<Self> {
        let (stop, stopped) = sync_channel(0);
        let run = move || {
            let mut times = (0..STOCK_EVERY).cycle();
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // The services log what failed; it is tried again.
                drop(services.refresh_if_changed());
                if times.next() == Some(0) {
                    counts::take_stock(&metrics, &services);
                }
            }
        };
        let thread = std::thread::Builder::new().name("people".to_owned()).spawn(run)?;
        Ok(Self { stop, thread })
    }

    /// Ends the thread.
    pub fn stop(self) {
        drop(self.stop);
        drop(self.thread.join());
    }
}
