//! CPU and memory of another process, from `/proc` (see proc(5)).

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use crate::error::BenchError;

/// A process that is being measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    pid: u32,
}

/// Resident memory of a process, in KiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// `VmRSS` of `status`.
    pub resident_kib: u64,
    /// `Pss` of `smaps_rollup`; 0 where the kernel does not offer it.
    pub proportional_kib: u64,
    /// `Anonymous` of `smaps_rollup`: heap and stacks without the program's own file pages; 0 where not offered.
    pub anonymous_kib: u64,
}

impl Process {
    /// The process with this id. It need not be a child.
    pub fn new(pid: u32) -> Self {
        Process { pid }
    }

    /// This process.
    pub fn own() -> Self {
        Process::new(std::process::id())
    }

    /// CPU time used so far by all threads, ended ones included: utime + stime, in steps of a clock tick (10 ms).
    pub fn cpu(&self) -> Result<Duration, BenchError> {
        let text = self.read("stat")?;
        let ticks = cpu_ticks(&text).ok_or(BenchError::Proc { pid: self.pid, what: "stat" })?;
        Ok(ticks_to_time(ticks))
    }

    /// CPU time per thread name, for threads that are alive. Threads of one name are summed.
    pub fn cpu_by_thread(&self) -> BTreeMap<String, Duration> {
        let mut by_name = BTreeMap::new();
        let Ok(tasks) = fs::read_dir(format!("/proc/{}/task", self.pid)) else { return by_name };
        for task in tasks.flatten() {
            // A thread may end between the listing and the reading.
            let Ok(text) = fs::read_to_string(task.path().join("stat")) else { continue };
            if let (Some(name), Some(ticks)) = (thread_name(&text), cpu_ticks(&text)) {
                *by_name.entry(name.to_owned()).or_insert(Duration::ZERO) += ticks_to_time(ticks);
            }
        }
        by_name
    }

    /// Memory now.
    pub fn memory(&self) -> Result<Memory, BenchError> {
        let status = self.read("status")?;
        let resident_kib =
            field_kib(&status, "VmRSS:").ok_or(BenchError::Proc { pid: self.pid, what: "status" })?;
        let rollup = self.read("smaps_rollup").unwrap_or_default();
        Ok(Memory {
            resident_kib,
            proportional_kib: field_kib(&rollup, "Pss:").unwrap_or(0),
            anonymous_kib: field_kib(&rollup, "Anonymous:").unwrap_or(0),
        })
    }

    fn read(&self, what: &'static str) -> Result<String, BenchError> {
        fs::read_to_string(format!("/proc/{}/{what}", self.pid))
            .map_err(|_| BenchError::Proc { pid: self.pid, what })
    }
}

/// CPU time that all processes of the machine have used, or were kept from using by its host, since it started;
/// interrupts left out. Zero where `/proc/stat` cannot be read.
pub fn machine_busy() -> Duration {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let numbers: Vec<u64> = text.lines().next().map_or_else(Vec::new, |line| {
        line.split_ascii_whitespace().skip(1).filter_map(|number| number.parse().ok()).collect()
    });
    // user, nice, system, idle, iowait, irq, softirq, steal
    ticks_to_time([0, 1, 2, 7].iter().filter_map(|&field| numbers.get(field)).sum())
}

fn thread_name(stat: &str) -> Option<&str> {
    Some(&stat[stat.find('(')? + 1..stat.rfind(')')?])
}

/// Fields 14 and 15 of `stat`; the name in field 2 may itself hold blanks and brackets.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

fn ticks_to_time(ticks: u64) -> Duration {
    // SAFETY: sysconf reads no memory of ours.
    let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) }.max(1) as u64;
    Duration::from_nanos(ticks * (1_000_000_000 / per_second))
}

fn field_kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_name_with_brackets() {
        let stat = "77 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 3 0";
        assert_eq!((thread_name(stat), cpu_ticks(stat)), (Some("a (b) c"), Some(300)));
    }

    #[test]
    fn reads_this_process() {
        let own = Process::own();
        let before = own.cpu().unwrap();
        let mut sum = 0u64;
        while own.cpu().unwrap() < before + Duration::from_millis(20) {
            sum = sum.wrapping_mul(31).wrapping_add(7);
        }
        assert!(own.memory().unwrap().resident_kib > 100);
        assert!(!own.cpu_by_thread().is_empty(), "{sum}");
    }
}
