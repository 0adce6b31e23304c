//! How a server is started: its data, its address, its flags.

use std::{
    fs::{self, File, OpenOptions},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use tempfile::TempDir;

use super::Server;
use crate::KEY;

/// Below the ports that the system gives to clients, so that nobody takes a killed server's port.
const FIRST_PORT: u16 = 21_000;
const PORTS: u16 = 9_000;

/// How a server is started.
#[derive(Debug)]
pub struct Setup {
    folder: TempDir,
    /// Where it keeps its data.
    pub data_dir: PathBuf,
    /// Where it listens, every time.
    pub address: SocketAddr,
    /// More flags.
    pub flags: Vec<String>,
    /// What it is started with: a tracer and its arguments.
    pub wrapper: Vec<String>,
}

/// The program under test.
///
/// # Panics
/// When `LOQUAT_BIN` doesn't name it.
pub fn binary() -> PathBuf {
    let path = std::env::var_os("LOQUAT_BIN").map(PathBuf::from);
    path.expect("LOQUAT_BIN names the server to test; scripts/steps/crash builds it and sets it")
}

impl Default for Setup {
    fn default() -> Self {
        Self::new()
    }
}

impl Setup {
    /// A server with an empty data directory on a port of its own.
    ///
    /// # Panics
    /// When there is no room for a directory or no free port.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let data_dir = folder.path().join("data");
        Self { folder, data_dir, address: free_address(), flags: Vec::new(), wrapper: Vec::new() }
    }

    /// With its data directory in `folder`.
    #[must_use]
    pub fn in_folder(self, folder: &Path) -> Self {
        self.in_data_dir(&folder.join("data"))
    }

    /// With this data directory.
    #[must_use]
    pub fn in_data_dir(mut self, data_dir: &Path) -> Self {
        self.data_dir = data_dir.to_owned();
        self
    }

    /// With a flag more.
    #[must_use]
    pub fn with(mut self, flag: &str, value: &str) -> Self {
        self.flags.extend([flag.to_owned(), value.to_owned()]);
        self
    }

    /// The command that serves, with what it says going to the log file.
    pub fn command(&self) -> Command {
        let log = OpenOptions::new().create(true).append(true).open(self.log_file()).expect("a log file");
        let program = binary();
        let mut words = self.wrapper.iter().map(String::as_str).chain([program.to_str().expect("UTF-8")]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .arg("serve")
            .args(["--listen", &self.address.to_string(), "--root-key", KEY])
            .arg("--data-dir")
            .arg(&self.data_dir)
            .args(&self.flags)
            .env_remove("LOQUAT_BIN")
            .env_remove("LOQUAT_TEST_KILLS")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log file"))
            .stderr(log);
        command
    }

    /// A file beside the data, for what a test needs.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// What the server has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Starts the server and waits until it is ready.
    ///
    /// # Panics
    /// When it isn't within 20 s; with what it said.
    pub fn start(&self) -> Server<'_> {
        let server = self.launch();
        assert!(server.is_ready_within(Duration::from_secs(20)), "not ready; it said:\n{}", self.said());
        server
    }

    /// Starts the server without waiting.
    ///
    /// # Panics
    /// When there is no such program.
    pub fn launch(&self) -> Server<'_> {
        let child = self.command().spawn().expect("LOQUAT_BIN can be started");
        Server { setup: self, child }
    }

    /// Starts the server, which must refuse: its exit code and what it said.
    ///
    /// # Panics
    /// When it doesn't end within 20 s.
    pub fn refused(&self) -> (i32, String) {
        drop(File::create(self.log_file()));
        let mut server = self.launch();
        let status = server.ends_within(Duration::from_secs(20)).expect("it refuses and ends");
        (status.code().unwrap_or(-1), self.said())
    }
}

fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test processes run beside each other: each begins elsewhere.
    let begin = (std::process::id() as u16).wrapping_mul(61);
    for _ in 0..PORTS {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST_PORT + begin.wrapping_add(step) % PORTS;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no free port");
}
