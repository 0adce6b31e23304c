//! What an interval cost: the measured process, and everybody else on the machine.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::error::BenchError;
use crate::measure::process::{Process, machine_busy};

/// CPU other than the server's and the generator's, in cores, from which on a run is called disturbed.
const DISTURBED_CORES: f64 = 0.15;

/// Runs from its making.
pub struct Stopwatch {
    process: Option<Process>,
    begin: Instant,
    cpu: Option<Duration>,
    by_thread: BTreeMap<String, Duration>,
    own: Duration,
    machine: Duration,
}

/// What the interval cost.
#[derive(Clone, Debug, Default)]
pub struct Spent {
    /// Its length.
    pub seconds: f64,
    /// CPU seconds of the measured process, if it is known.
    pub cpu: Option<f64>,
    /// The same by name of thread.
    pub by_thread: BTreeMap<String, f64>,
    /// CPU of the generator, in cores.
    pub generator_cores: f64,
    /// CPU of all other processes, in cores. Interrupts are left out: on loopback they are the traffic itself.
    pub others_cores: f64,
}

impl Stopwatch {
    /// Starts.
    pub fn start(process: Option<Process>) -> Result<Stopwatch, BenchError> {
        Ok(Stopwatch {
            process,
            begin: Instant::now(),
            cpu: process.map(|process| process.cpu()).transpose()?,
            by_thread: process.map(|process| process.cpu_by_thread()).unwrap_or_default(),
            own: Process::own().cpu()?,
            machine: machine_busy(),
        })
    }

    /// What was spent until now.
    pub fn read(&self) -> Result<Spent, BenchError> {
        let seconds = self.begin.elapsed().as_secs_f64();
        let cpu = self.process.map(|process| process.cpu()).transpose()?;
        let cpu = cpu.zip(self.cpu).map(|(after, before)| after.saturating_sub(before).as_secs_f64());
        let by_thread = self.process.map(|process| process.cpu_by_thread()).unwrap_or_default();
        let own = Process::own().cpu()?.saturating_sub(self.own).as_secs_f64();
        let machine = machine_busy().saturating_sub(self.machine).as_secs_f64();
        Ok(Spent {
            seconds,
            cpu,
            by_thread: difference(&by_thread, &self.by_thread),
            generator_cores: own / seconds,
            others_cores: ((machine - own - cpu.unwrap_or(0.0)) / seconds).max(0.0),
        })
    }
}

impl Spent {
    /// CPU of the measured process in microseconds for each of `count`.
    pub fn cpu_us_per(&self, count: u64) -> Option<f64> {
        self.cpu.map(|cpu| cpu * 1e6 / count.max(1) as f64)
    }

    /// What a reader must know of the interval.
    pub fn notes(&self) -> Vec<String> {
        match self.cpu {
            None => vec!["no process id, so no CPU and memory of the server".to_owned()],
            Some(_) if self.others_cores > DISTURBED_CORES => {
                vec![format!("disturbed: other processes used {:.2} cores", self.others_cores)]
            }
            Some(_) => Vec::new(),
        }
    }
}

fn difference(
    after: &BTreeMap<String, Duration>,
    before: &BTreeMap<String, Duration>,
) -> BTreeMap<String, f64> {
    let spent = |(name, time): (&String, &Duration)| {
        let spent = time.saturating_sub(before.get(name).copied().unwrap_or_default());
        (name.clone(), spent.as_secs_f64())
    };
    after.iter().map(spent).filter(|(_, seconds)| *seconds > 0.0).collect()
}
