//! A child process that ends with us.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::error::BenchError;

/// How much of a dead child's log is shown.
const OBITUARY_BYTES: usize = 2000;

/// A running process; killed when dropped.
#[derive(Debug)]
pub struct Child {
    name: String,
    process: std::process::Child,
    log: Option<PathBuf>,
}

impl Child {
    /// Starts a program. With `log`, its output goes there; without, its standard output can be read.
    pub fn spawn(
        name: &str,
        program: &Path,
        arguments: &[String],
        log: Option<&Path>,
    ) -> Result<Child, BenchError> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null());
        match log {
            Some(path) => {
                let out = File::create(path).map_err(BenchError::io("create a log"))?;
                let err = out.try_clone().map_err(BenchError::io("create a log"))?;
                command.stdout(out).stderr(err);
            }
            None => {
                command.stdout(Stdio::piped());
            }
        }
        // SAFETY: prctl with these arguments is async-signal-safe and touches no memory.
        unsafe {
            command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) {
                0 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            });
        }
        let process = command.spawn().map_err(BenchError::io(format!("start {}", program.display())))?;
        Ok(Child { name: name.to_owned(), process, log: log.map(Path::to_owned) })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for the first line of its standard output.
    pub fn first_line(&mut self) -> Result<String, BenchError> {
        let mut line = String::new();
        if let Some(out) = self.process.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(BenchError::io("read from a child"))?;
        }
        match line.trim_end() {
            "" => {
                Err(BenchError::NotReady { name: self.name.clone(), why: "it ended without a word".into() })
            }
            line => Ok(line.to_owned()),
        }
    }

    /// If it has ended: how, and the end of its log.
    pub fn obituary(&mut self) -> Option<String> {
        let status = self.process.try_wait().ok().flatten()?;
        let log = self.log.as_ref().and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
        let tail = &log[log.len().saturating_sub(OBITUARY_BYTES)..];
        Some(format!("it ended ({status}): {}", String::from_utf8_lossy(tail).trim()))
    }

    /// Asks it to end, and waits for that.
    pub fn terminate(mut self, limit: Duration) -> Result<ExitStatus, BenchError> {
        // SAFETY: a signal to a child that has not been waited for, so the id is still its own.
        unsafe { libc::kill(self.process.id() as libc::pid_t, libc::SIGTERM) };
        let begin = Instant::now();
        while begin.elapsed() < limit {
            if let Some(status) = self.process.try_wait().map_err(BenchError::io("wait for a child"))? {
                return Ok(status);
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        Err(BenchError::Unfinished {
            what: "the end of the server after SIGTERM",
            seconds: limit.as_secs(),
            why: "it still runs".into(),
        })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already; either way it is reaped here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
