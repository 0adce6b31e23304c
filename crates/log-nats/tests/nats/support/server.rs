//! One nats-server process.

use std::{
    env,
    fs::File,
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How a server writes to disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sync {
    /// Before it acknowledges.
    Always,
    /// Now and then, as servers do when nobody told them.
    Default,
}

/// A server of a test; killed when dropped.
pub struct Server {
    pub name: String,
    pub port: u16,
    pub monitor_port: u16,
    config: PathBuf,
    log: PathBuf,
    process: Option<Child>,
}

/// The server's program: `LOQUAT_NATS_SERVER`, `NATS_SERVER`, or where the scripts have installed it.
fn program() -> PathBuf {
    let told = ["LOQUAT_NATS_SERVER", "NATS_SERVER"].into_iter().filter_map(env::var_os).map(PathBuf::from);
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    let tools = cache.and_then(|cache| std::fs::read_dir(cache.join("loquat/tools")).ok());
    let environments = tools.into_iter().flatten().flatten().map(|folder| folder.path());
    let installed = environments.map(|folder| folder.join("bin/nats-server"));
    let found = told.chain(installed).find(|path| path.exists());
    found.expect("a nats-server: run scripts/install-nats-server, or set LOQUAT_NATS_SERVER")
}

/// So many ports that nobody listens on at the moment, below those that the system gives to outgoing connections.
pub fn free_ports(count: usize) -> Vec<u16> {
    let process = u64::from(std::process::id());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    let start = process.wrapping_mul(7919).wrapping_add(u64::from(now));
    let candidates = (0..20_000).map(|step| 10_000 + ((start + step) % 20_000) as u16);
    // All are held until all are found.
    let sockets = candidates.filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).take(count);
    let sockets: Vec<_> = sockets.collect();
    assert_eq!(sockets.len(), count, "there are not enough free ports");
    sockets.iter().filter_map(|socket| socket.local_addr().ok()).map(|address| address.port()).collect()
}

impl Server {
    /// A server that is not started yet; `rest` is its configuration apart from name and ports.
    pub fn new(folder: &Path, name: &str, port: u16, monitor_port: u16, rest: &str) -> Self {
        let config = folder.join(format!("{name}.conf"));
        let text = format!(
            "server_name: {name}\nlisten: 127.0.0.1:{port}\nhttp: 127.0.0.1:{monitor_port}\n{rest}\n"
        );
        std::fs::write(&config, text).expect("the configuration can be written");
        let log = folder.join(format!("{name}.log"));
        Self { name: name.to_owned(), port, monitor_port, config, log, process: None }
    }

    /// Starts it, or starts it again.
    pub fn start(&mut self) {
        let log = File::options().create(true).append(true).open(&self.log).expect("a log file");
        let mut command = Command::new(program());
        command.arg("-c").arg(&self.config).stdout(log.try_clone().expect("a log file")).stderr(log);
        // SAFETY: prctl with these arguments only sets a flag of the child; it is safe between fork and exec.
        unsafe {
            command.pre_exec(|| {
                // A test that is killed must not leave servers behind.
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        self.process = Some(command.spawn().expect("nats-server starts"));
    }

    /// Waits until it takes connections.
    pub fn wait_until_up(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self
                .process
                .as_mut()
                .is_some_and(|process| process.try_wait().is_ok_and(|end| end.is_some()));
            assert!(!ended && Instant::now() < deadline, "{} does not run: {}", self.name, self.tail());
            std::thread::park_timeout(Duration::from_millis(10));
        }
    }

    fn signal(&self, signal: i32) {
        let process = self.process.as_ref().expect("it runs");
        // SAFETY: the process is our child and was not waited for, so the id is still its own.
        let sent = unsafe { libc::kill(process.id() as libc::pid_t, signal) };
        assert_eq!(sent, 0, "{} cannot be signalled", self.name);
    }

    /// Kills it with -9 and waits until it is gone.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // Either it is gone afterwards, or it was before.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Stops it in its tracks, with its connections open.
    pub fn freeze(&self) {
        self.signal(libc::SIGSTOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal(libc::SIGCONT);
    }

    /// The end of what it said.
    pub fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("the last that {} said:\n{}", self.name, self.tail());
        }
    }
}
