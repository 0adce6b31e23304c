//! A network of its own, whose cable can be pulled.

use std::{fs::File, net::Ipv4Addr, os::fd::AsRawFd, process::Command};

/// A network namespace that is connected with this one by a pair of virtual cards. Needs root.
#[derive(Debug)]
pub struct Network {
    name: String,
    /// This side's address, where a server can listen.
    pub here: Ipv4Addr,
}

impl Network {
    /// Makes the network.
    ///
    /// # Panics
    /// When this machine can't.
    pub fn new() -> Self {
        let pid = std::process::id();
        let (name, net) = (format!("lq{pid}"), (pid % 250) as u8);
        let here = Ipv4Addr::new(10, 213, net, 1);
        let network = Self { name, here };
        let name = &network.name;
        ip(&["netns", "add", name]);
        ip(&["link", "add", name, "type", "veth", "peer", "name", "cable", "netns", name]);
        ip(&["addr", "add", &format!("{here}/24"), "dev", name]);
        ip(&["link", "set", name, "up"]);
        ip(&["-n", name, "addr", "add", &format!("10.213.{net}.2/24"), "dev", "cable"]);
        ip(&["-n", name, "link", "set", "cable", "up"]);
        network
    }

    /// Does something on the other side.
    ///
    /// # Panics
    /// When it panics, or the system doesn't let a thread go there.
    pub fn there<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let file = File::open(format!("/var/run/netns/{}", self.name)).expect("the namespace");
        let work = move || {
            // SAFETY: a call with numbers only; it concerns this thread alone, which ends after the work.
            let outcome = unsafe { libc::setns(file.as_raw_fd(), libc::CLONE_NEWNET) };
            assert_eq!(outcome, 0, "setns: {}", std::io::Error::last_os_error());
            work()
        };
        std::thread::scope(|scope| scope.spawn(work).join().expect("the work is done"))
    }

    /// Pulls the cable: what is sent from now on is lost, in both directions, and nobody is told.
    pub fn pull(&self) {
        ip(&["-n", &self.name, "link", "set", "cable", "down"]);
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Its cards go with it, once nobody has a socket there any more.
        for words in [["link", "del", &self.name], ["netns", "del", &self.name]] {
            drop(Command::new("ip").args(words).status());
        }
    }
}

fn ip(words: &[&str]) {
    let outcome = Command::new("ip").args(words).output().expect("ip, of iproute2, can be started");
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert!(outcome.status.success(), "ip {words:?}: {said}\nthis test needs root and isn't skipped without");
}
