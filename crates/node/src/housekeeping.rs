//! What the node does once a second.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use loquat_core::Now;
use loquat_protocol::ConnectionId;
use parking_lot::{Condvar, Mutex};

use crate::Node;

/// How often.
const EVERY: Duration = Duration::from_millis(500);

/// The housekeeping thread and how to end it.
#[derive(Default)]
pub struct Housekeeping {
    stop: AtomicBool,
    sleep: (Mutex<()>, Condvar),
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Housekeeping {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(&self, node: &Arc<Node>) -> std::io::Result<()> {
        let node = Arc::clone(node);
        let run = move || {
            let this = node.housekeeping();
            while !this.stop.load(Ordering::Acquire) {
                node.keep_house();
                let mut guard = this.sleep.0.lock();
                if !this.stop.load(Ordering::Acquire) {
                    this.sleep.1.wait_for(&mut guard, EVERY);
                }
            }
        };
        *self.thread.lock() = Some(std::thread::Builder::new().name("housekeeping".to_owned()).spawn(run)?);
        Ok(())
    }

    /// Ends the thread.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.sleep.1.notify_all();
        if let Some(thread) = self.thread.lock().take() {
            drop(thread.join());
        }
    }
}

impl Node {
    /// Sees what other processes have changed (`loquat keys`); a revoked key's connections end now (SEC-1).
    fn refresh_keys(&self) {
        match self.authenticator().refresh() {
            Ok(true) => self.recheck_rights(),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "apps and keys cannot be read again; the known ones stay"),
        }
    }

    /// Members whose connection has not come back in time leave; those whose connection is live stay (PRS-1).
    fn expire_members(&self, now: Now) {
        for connection in self.presence().overdue(now.mono_ms) {
            let leave = || self.presence().leave(&connection, None, now.wall_ms);
            match self.registry().unless_live(&connection, leave) {
                Some(changes) => self.keep_presence(&changes),
                None => self.presence().returned(&ConnectionId::from_trusted(&connection)),
            }
        }
    }

    fn keep_house(self: &Arc<Self>) {
        let now = self.clock().now();
        self.refresh_keys();
        self.expire_members(now);
        self.registry().expire(now.mono_ms);
        self.feed().evict(now.wall_ms);
        self.probe_log();
        let metrics = self.metrics();
        metrics.presence_members.set(self.presence().total() as i64);
        let (channels, attachments) = self.occupancy().totals();
        metrics.channels_active.set(channels as i64);
        metrics.attachments.set(attachments as i64);
        metrics.ready.set(i64::from(self.readiness().is_ok()));
    }
}
