//! The process's own memory, processor time and files, read when metrics are asked for.

use std::sync::atomic::AtomicU64;

use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Gauges with the names that dashboards for any process expect.
#[derive(Default)]
pub(super) struct Gauges {
    resident_bytes: Gauge,
    cpu_seconds: Gauge<f64, AtomicU64>,
    open_files: Gauge,
}

impl Gauges {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let gauges = Self::default();
        registry.register("process_resident_memory_bytes", "Resident memory", gauges.resident_bytes.clone());
        registry.register("process_cpu_seconds", "Processor time used", gauges.cpu_seconds.clone());
        registry.register("process_open_fds", "Open files", gauges.open_files.clone());
        gauges
    }

    /// Reads the values; where the system doesn't offer them the old ones stay.
    pub(super) fn refresh(&self) {
        if let Some(bytes) = resident_bytes() {
            self.resident_bytes.set(bytes);
        }
        if let Some(seconds) = cpu_seconds() {
            self.cpu_seconds.set(seconds);
        }
        if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
            self.open_files.set(i64::try_from(files.count()).unwrap_or(i64::MAX));
        }
    }
}

fn resident_bytes() -> Option<i64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: i64 = statm.split(' ').nth(1)?.parse().ok()?;
    pages.checked_mul(system(libc::_SC_PAGESIZE)?)
}

/// User and system time: fields 14 and 15 of `stat`, counted after the name, which may hold spaces.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(") ")?.1;
    let mut fields = after_name.split(' ').skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 / system(libc::_SC_CLK_TCK)? as f64)
}

fn system(name: libc::c_int) -> Option<i64> {
    // SAFETY: sysconf reads a constant of the system and touches no memory of ours.
    let value = unsafe { libc::sysconf(name) };
    (value > 0).then_some(value)
}
