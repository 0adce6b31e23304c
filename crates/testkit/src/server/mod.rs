//! The server as a process: started, asked, killed, started again on the same address and data.

mod setup;

use std::{
    fs,
    net::SocketAddr,
    process::{Child, ExitStatus},
    time::{Duration, Instant},
};

pub use self::setup::{Setup, binary};
use crate::{http, process, wait::within};

/// A running server. Killed when dropped.
#[derive(Debug)]
pub struct Server<'a> {
    setup: &'a Setup,
    child: Child,
}

impl Server<'_> {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.setup.address
    }

    /// Its process, which a tracer may stand before.
    pub fn pid(&self) -> u32 {
        let pid = self.child.id();
        if self.setup.wrapper.is_empty() { pid } else { process::child_of(pid).unwrap_or(pid) }
    }

    /// The status of `/readyz`; 0 when nobody answers.
    pub fn readiness(&self) -> u16 {
        http::get(self.address(), "/readyz").map_or(0, |answer| answer.status)
    }

    /// Waits until `/readyz` says 200; not when the process ends first.
    pub fn is_ready_within(&self, limit: Duration) -> bool {
        let pid = self.child.id();
        let ready = || match self.readiness() {
            200 => Some(true),
            0 if is_zombie(pid) => Some(false),
            _ => None,
        };
        within(limit, ready).unwrap_or(false)
    }

    /// kill -9, and waits until it is gone.
    ///
    /// # Panics
    /// When the process had ended by itself.
    pub fn kill(mut self) {
        let gone = self.child.try_wait().expect("a child");
        assert!(gone.is_none(), "the server had ended by itself: {gone:?}\n{}", self.setup.said());
        process::signal(self.pid(), libc::SIGKILL);
        self.child.wait().expect("a child");
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        process::signal(self.pid(), libc::SIGTERM);
    }

    /// Its exit status, if it ends in time.
    pub fn ends_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let child = &mut self.child;
        within(limit, || child.try_wait().expect("a child"))
    }

    /// How long until its exit status, or none when it doesn't end in time.
    pub fn time_to_end(&mut self, limit: Duration) -> Option<(ExitStatus, Duration)> {
        let began = Instant::now();
        self.ends_within(limit).map(|status| (status, began.elapsed()))
    }

    /// Memory of its own, resident, bytes.
    pub fn own_bytes(&self) -> u64 {
        process::own_bytes(self.pid())
    }

    /// Open sockets.
    pub fn open_sockets(&self) -> usize {
        process::open_sockets(self.pid())
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            process::signal(self.pid(), libc::SIGKILL);
            drop(self.child.wait());
        }
        if std::thread::panicking() {
            let said = self.setup.said();
            let tail = said.len().saturating_sub(8_000);
            let tail = (tail..=said.len()).find(|at| said.is_char_boundary(*at)).unwrap_or(0);
            eprintln!("the server said:\n{}", &said[tail..]);
        }
    }
}

fn is_zombie(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_none_or(|rest| rest.starts_with('Z'))
}
