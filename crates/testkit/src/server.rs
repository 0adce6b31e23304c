//! The server as a process: started, asked, killed, started again on the same address and data.

use std::{
    fs::{self, File, OpenOptions},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{KEY, http, process, wait::within};

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

/// A running server. Killed when dropped.
#[derive(Debug)]
pub struct Server<'a> {
    setup: &'a Setup,
    child: Child,
}

impl Server<'_> {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.setup.address
    }

    /// Its process, which a tracer may stand before.
    pub fn pid(&self) -> u32 {
        let pid = self.child.id();
        if self.setup.wrapper.is_empty() { pid } else { process::child_of(pid).unwrap_or(pid) }
    }

    /// The status of `/readyz`; 0 when nobody answers.
    pub fn readiness(&self) -> u16 {
        http::get(self.address(), "/readyz").map_or(0, |answer| answer.status)
    }

    /// Waits until `/readyz` says 200; not when the process ends first.
    pub fn is_ready_within(&self, limit: Duration) -> bool {
        let pid = self.child.id();
        let ready = || match self.readiness() {
            200 => Some(true),
            0 if is_zombie(pid) => Some(false),
            _ => None,
        };
        within(limit, ready).unwrap_or(false)
    }

    /// kill -9, and waits until it is gone.
    ///
    /// # Panics
    /// When the process had ended by itself.
    pub fn kill(mut self) {
        let gone = self.child.try_wait().expect("a child");
        assert!(gone.is_none(), "the server had ended by itself: {gone:?}\n{}", self.setup.said());
        process::signal(self.pid(), libc::SIGKILL);
        self.child.wait().expect("a child");
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        process::signal(self.pid(), libc::SIGTERM);
    }

    /// Its exit status, if it ends in time.
    pub fn ends_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let child = &mut self.child;
        within(limit, || child.try_wait().expect("a child"))
    }

    /// How long until its exit status, or none when it doesn't end in time.
    pub fn time_to_end(&mut self, limit: Duration) -> Option<(ExitStatus, Duration)> {
        let began = Instant::now();
        self.ends_within(limit).map(|status| (status, began.elapsed()))
    }

    /// Memory of its own, resident, bytes.
    pub fn own_bytes(&self) -> u64 {
        process::own_bytes(self.pid())
    }

    /// Open sockets.
    pub fn open_sockets(&self) -> usize {
        process::open_sockets(self.pid())
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            process::signal(self.pid(), libc::SIGKILL);
            drop(self.child.wait());
        }
        if std::thread::panicking() {
            let said = self.setup.said();
            let tail = said.len().saturating_sub(8_000);
            let tail = (tail..=said.len()).find(|at| said.is_char_boundary(*at)).unwrap_or(0);
            eprintln!("the server said:\n{}", &said[tail..]);
        }
    }
}

fn is_zombie(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_none_or(|rest| rest.starts_with('Z'))
}
