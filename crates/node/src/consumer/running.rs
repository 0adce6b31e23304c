//! A consumer's thread: how it sleeps, is woken, and ends.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use parking_lot::{Condvar, Mutex};

use super::{Consumer, work::Work};
use crate::{Node, retention::RetentionTimes};

/// A consumer and its thread.
pub(crate) struct Running {
    pub(super) consumer: Arc<dyn Consumer>,
    /// Only the projector of history sees to retention.
    pub(super) retention: Option<RetentionTimes>,
    /// It has been woken, or is at work and will look again: nobody need wake it.
    awake: AtomicBool,
    stopping: AtomicBool,
    sleep: (Mutex<()>, Condvar),
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Running {
    pub(super) fn new(consumer: Arc<dyn Consumer>, retention: Option<RetentionTimes>) -> Arc<Self> {
        Arc::new(Self {
            consumer,
            retention,
            awake: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            sleep: Default::default(),
            thread: Mutex::default(),
        })
    }

    pub(super) fn start(self: &Arc<Self>, node: &Arc<Node>) -> io::Result<()> {
        let (node, this) = (Arc::clone(node), Arc::clone(self));
        let thread = std::thread::Builder::new().name(self.consumer.name().to_owned());
        *self.thread.lock() = Some(thread.spawn(move || Work::new(&node, &this).run())?);
        Ok(())
    }

    /// One swap where it is awake already.
    pub(super) fn wake(&self) {
        if !self.awake.swap(true, Ordering::AcqRel) {
            self.interrupt();
        }
    }

    pub(super) fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.interrupt();
    }

    pub(super) fn join(&self) {
        if let Some(thread) = self.thread.lock().take() {
            drop(thread.join());
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// From here on a delivery wakes it. To be called before it looks whether there is something.
    pub(super) fn about_to_look(&self) {
        // A swap, so that what came before a wake-up which this takes back is seen.
        self.awake.swap(false, Ordering::AcqRel);
    }

    /// Until it is woken, but no longer than `time`.
    pub(super) fn sleep(&self, time: Duration) {
        self.wait(time, || self.awake.load(Ordering::Acquire));
    }

    /// For all of `time`, whoever wakes it.
    pub(super) fn rest(&self, time: Duration) {
        self.wait(time, || false);
    }

    fn wait(&self, time: Duration, until: impl Fn() -> bool) {
        let mut guard = self.sleep.0.lock();
        self.sleep.1.wait_while_for(&mut guard, |()| !until() && !self.is_stopping(), time);
    }

    /// The lock makes sure that it does not go to sleep between its look at the flags and the call.
    fn interrupt(&self) {
        let _guard = self.sleep.0.lock();
        self.sleep.1.notify_all();
    }
}
