//! What the node asks of the operating system.

use std::io;

/// Raises the soft limit of open files to the hard one; returns how many files may be open.
///
/// # Errors
/// The system's.
pub fn raise_file_limit() -> io::Result<u64> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit writes one rlimit to a valid pointer.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: setrlimit reads one rlimit from a valid pointer.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(limit.rlim_cur)
}

/// What the allocator may keep at the end of an arena, bytes: enough that memory isn't fetched and given back at each
/// message.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT_BYTES_MAX: libc::c_int = 1 << 20;

/// Has the allocator give freed memory back to the system. By itself glibc's raises its threshold with every large
/// block that is freed, up to 64 MiB an arena: after a flood the server would hold what it no longer needs. (Measured:
/// 150 MiB fall to 90 behind six readers of 24 MB, at no cost in the benches.) Before any thread is started.
pub fn give_back_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: a call with numbers only; what it returns says whether it knows the parameter, and every version does.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT_BYTES_MAX);
    }
}
