//! What the system says of a process.

use std::fs;

/// Memory of its own, resident, bytes. Pages of files that it maps are the system's cache and left out: there are as
/// many of them as the system likes, and once for each that maps the file.
///
/// # Panics
/// When the process is gone.
pub fn own_bytes(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process lives");
    let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("RssAnon");
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
    kib << 10
}

/// Open sockets: connections, listeners, and those that a process keeps for itself.
///
/// # Panics
/// When the process is gone.
pub fn open_sockets(pid: u32) -> usize {
    let files = fs::read_dir(format!("/proc/{pid}/fd")).expect("the process lives").flatten();
    let targets = files.filter_map(|file| fs::read_link(file.path()).ok());
    targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count()
}

/// The first child of a process: what a tracer runs.
pub fn child_of(pid: u32) -> Option<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// Sends a signal.
pub fn signal(pid: u32, signal: i32) {
    let pid = libc::pid_t::try_from(pid).unwrap_or(0);
    assert!(pid > 1, "no process of ours");
    // SAFETY: a call with numbers only.
    unsafe { libc::kill(pid, signal) };
}

/// Lets this process open as many files as the system allows: a connection is one.
pub fn raise_file_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is to a value that lives until each call returns.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}
