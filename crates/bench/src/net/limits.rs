//! What one process may open, and from which addresses.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

/// How many connections leave from one source address before the next one is used: well below the usual range of
/// ephemeral ports (32768 to 60999).
pub const PORTS_PER_ADDRESS: usize = 25_000;

/// Raises the soft limit of open files to the hard one and returns it.
pub fn raise_open_files() -> io::Result<u64> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid place for the answer.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } < 0 {
        return Err(io::Error::last_os_error());
    }
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: `limit` is initialised and outlives the call.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(limit.rlim_cur)
}

/// The loopback address that connection number `index` leaves from; `None` leaves the choice to the system.
pub fn source_address(index: usize) -> Option<IpAddr> {
    match index / PORTS_PER_ADDRESS {
        0 => None,
        block => Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1 + (block % 250) as u8))),
    }
}
