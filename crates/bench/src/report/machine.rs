//! Where a run took place.

use std::fs;

use serde::Serialize;

/// What figures must be read with.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// Processor model.
    pub processor: String,
    /// Processors that may be used.
    pub cpus: usize,
    /// Kernel release.
    pub kernel: String,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// How many files a process may open; bounds the connections of each side.
    pub open_files: u64,
    /// Version of this program.
    pub version: &'static str,
    /// True if this program, and so the bare loop, was built with optimisation.
    pub optimised: bool,
}

impl Machine {
    /// Looks around.
    pub fn look(open_files: u64) -> Machine {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let memory_kib: u64 =
            value(&meminfo, "MemTotal").split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        Machine {
            processor: value(&cpuinfo, "model name").to_owned(),
            cpus: std::thread::available_parallelism().map_or(0, |cpus| cpus.get()),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            memory_mib: memory_kib / 1024,
            open_files,
            version: env!("CARGO_PKG_VERSION"),
            optimised: !cfg!(debug_assertions),
        }
    }
}

fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_once(':')).map_or("unknown", |(_, value)| value.trim())
}
