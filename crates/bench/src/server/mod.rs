//! The processes that are measured: a server that we start, one that is there already, and the bare loops.

pub mod child;
pub mod probe;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::error::BenchError;
use crate::measure::process::Process;
use crate::net::tls::{Dialer, Files};
use crate::options::{Options, Scenario};
use crate::scenario::Context;
use crate::wire::dialect::Dialect;
use child::Child;

/// The key that a started server is given.
const ROOT_KEY: &str = "bench.key:bench-secret-of-no-worth";
/// Limits against floods that a generator on one address would run into; they cost nothing where they are not reached.
const RAISED_LIMITS: [(&str, &str); 3] = [
    ("--limits-max-connections-per-address", "100000"),
    ("--limits-max-handshakes-per-address-per-second", "1000000"),
    ("--realtime-max-inbound-rate-per-second", "1000000"),
];
const READY_LIMIT: Duration = Duration::from_secs(60);

/// How to start this program again as another scenario.
#[derive(Clone, Debug)]
pub struct Program {
    /// The running program.
    pub path: PathBuf,
    /// What comes before a scenario's name, such as `bench`.
    pub prefix: Vec<String>,
}

/// Something to connect to.
#[derive(Debug)]
pub struct Subject {
    /// Where it listens.
    pub address: SocketAddr,
    /// How to open a connection to it, if it wants TLS.
    pub dialer: Option<Dialer>,
    /// Its process, if it is known.
    pub process: Option<Process>,
    /// How to speak to it.
    pub dialect: Dialect,
    child: Option<Child>,
    // Removed when the subject goes; declared after the child, so that the process has ended by then.
    _data_dir: Option<TempDir>,
}

impl Subject {
    /// The server to measure: the `--target`, or a new one with an empty data directory.
    pub fn server(context: &Context<'_>) -> Result<Subject, BenchError> {
        let options = context.options;
        if let Some(target) = &options.target {
            return target_server(options, target);
        }
        let data_dir = data_dir(options)?;
        let started = start_server(context, data_dir.path())?;
        Ok(Subject {
            address: started.address,
            dialer: started.dialer,
            process: Some(Process::new(started.child.id())),
            dialect: dialect(options),
            child: Some(started.child),
            _data_dir: Some(data_dir),
        })
    }

    /// A bare loop in a process of its own, which writes frames of `frame_bytes`.
    pub fn bare(
        context: &Context<'_>,
        scenario: Scenario,
        frame_bytes: usize,
    ) -> Result<Subject, BenchError> {
        let name = clap::ValueEnum::to_possible_value(&scenario).map(|value| value.get_name().to_owned());
        let name = name.unwrap_or_default();
        let mut arguments = context.program.prefix.clone();
        arguments.extend([name.clone(), "--bare-bytes".to_owned(), frame_bytes.to_string()]);
        if let Some(dir) = context.tls.and_then(|files| files.cert.parent()) {
            arguments.extend(["--tls-dir".to_owned(), dir.display().to_string()]);
        }
        let mut child = Child::spawn(&name, &context.program.path, &arguments, None)?;
        let line = child.first_line()?;
        let address = line.parse().map_err(|_| BenchError::NotReady {
            name,
            why: format!("said {line:?} in place of its address"),
        })?;
        Ok(Subject {
            address,
            dialer: dialer(context)?,
            process: Some(Process::new(child.id())),
            dialect: Dialect::Bare { frame_bytes },
            child: Some(child),
            _data_dir: None,
        })
    }

    /// Why the process ended, if it did: the end of its log.
    pub fn obituary(&mut self) -> Option<String> {
        self.child.as_mut().and_then(Child::obituary)
    }
}

/// How to speak to a server that we start.
pub fn dialect(options: &Options) -> Dialect {
    Dialect::Realtime { format: options.format, key: ROOT_KEY.to_owned() }
}

/// A new directory below `--work-dir`.
pub fn data_dir(options: &Options) -> Result<TempDir, BenchError> {
    tempfile::Builder::new()
        .prefix("loquat-bench-")
        .tempdir_in(&options.work_dir)
        .map_err(BenchError::io(format!("make a directory in {}", options.work_dir.display())))
}

/// A server that answers.
pub struct Started {
    /// Its process.
    pub child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// How to open a connection to it, if it wants TLS.
    pub dialer: Option<Dialer>,
    /// From the start of the process to the first 200 of `/readyz`.
    pub took: Duration,
}

/// Starts `loquat serve` on `data_dir` and waits until it is ready.
pub fn start_server(context: &Context<'_>, data_dir: &Path) -> Result<Started, BenchError> {
    let options = context.options;
    let program = match &options.server_bin {
        Some(path) => path.clone(),
        None => std::env::current_exe().map_err(BenchError::io("find this program"))?,
    };
    let address = probe::free_address()?;
    let mut arguments: Vec<String> = vec!["serve".into(), "--listen".into(), address.to_string()];
    arguments.extend(["--data-dir".into(), data_dir.join("data").display().to_string()]);
    arguments.extend(["--root-key".into(), ROOT_KEY.into(), "--log-format".into(), "json".into()]);
    arguments
        .extend(RAISED_LIMITS.iter().flat_map(|(flag, value)| [(*flag).to_owned(), (*value).to_owned()]));
    if let Some(Files { cert, key }) = context.tls {
        arguments.extend(["--tls-cert-file".into(), cert.display().to_string()]);
        arguments.extend(["--tls-key-file".into(), key.display().to_string()]);
    }
    arguments.extend(options.server_arg.iter().cloned());
    let begin = Instant::now();
    let mut child = Child::spawn("server", &program, &arguments, Some(&data_dir.join("bench-server.log")))?;
    let dialer = dialer(context)?;
    loop {
        if probe::is_ready(address, dialer.as_ref()) {
            let took = begin.elapsed();
            return Ok(Started { child, address, dialer, took });
        }
        if let Some(why) = child.obituary() {
            return Err(BenchError::NotReady { name: "server".into(), why });
        }
        if begin.elapsed() > READY_LIMIT {
            let why = format!("/readyz gave no 200 within {} s", READY_LIMIT.as_secs());
            return Err(BenchError::NotReady { name: "server".into(), why });
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

fn dialer(context: &Context<'_>) -> Result<Option<Dialer>, BenchError> {
    context.tls.map(|files| Dialer::new(&files.cert, "localhost")).transpose()
}

fn target_server(options: &Options, target: &str) -> Result<Subject, BenchError> {
    let wrong = || {
        BenchError::Options(format!("--target {target} is not of the form ws://host:port or wss://host:port"))
    };
    let rest = target.strip_prefix("ws://").or_else(|| target.strip_prefix("wss://")).ok_or_else(wrong)?;
    let authority = rest.trim_end_matches('/');
    let address = authority.to_socket_addrs().ok().and_then(|mut found| found.next()).ok_or_else(wrong)?;
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let dialer = match (&options.ca_file, options.is_target_encrypted()) {
        (_, false) => None,
        (Some(file), true) => Some(Dialer::new(file, host)?),
        (None, true) => return Err(BenchError::Options("a wss:// --target needs --ca-file".into())),
    };
    Ok(Subject {
        address,
        dialer,
        process: options.server_pid.map(Process::new),
        dialect: Dialect::Realtime { format: options.format, key: options.key.clone().unwrap_or_default() },
        child: None,
        _data_dir: None,
    })
}
