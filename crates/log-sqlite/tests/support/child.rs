//! A process that appends as fast as it can and tells its parent each outcome, until something ends it.
//!
//! It is the test's own program, started again with its orders in the environment and one test to run: `child`.

use std::{
    env,
    io::{Read, Write},
    os::unix::{
        net::{UnixListener, UnixStream},
        process::ExitStatusExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use loquat_log::{Appended, DedupeKey, Log, LogError, LogErrorKind, NewEntry};
use loquat_log_sqlite::{Faults, Options, SqliteLog};
use loquat_protocol::PartitionId;

use super::{
    Dice,
    records::{Record, Records},
};

pub const PARTITIONS: u16 = 4;
pub const IN_FLIGHT: u64 = 32;
/// Numbers of one life of the log; the next one begins above.
const LIFE: u64 = 1_000_000_000;
const ORDERS: &str = "LOQUAT_TEST_CHILD";

/// How the log is opened by child and parent.
pub fn options(file: &Path) -> Options {
    Options { partitions: PARTITIONS, ..Options::for_test(file) }
}

/// What the child is to do.
#[derive(Clone)]
pub struct Orders {
    pub file: PathBuf,
    /// Which life of the log this is, from 0.
    pub life: u64,
    pub faults: Faults,
    /// Let old entries of partition 3 go all the time.
    pub truncate: bool,
    /// Report it when the log stops for good, instead of aborting.
    pub survive: bool,
    /// What the child is started with: a tracer and its arguments.
    pub wrapper: Vec<String>,
}

impl Orders {
    pub fn new(file: PathBuf) -> Self {
        Self {
            file,
            life: 0,
            faults: Faults::default(),
            truncate: false,
            survive: false,
            wrapper: Vec::new(),
        }
    }
}

/// A child, and the line on which it reports.
pub struct Running {
    child: Child,
    /// The child's own process, which a tracer may stand before.
    pid: libc::pid_t,
    line: UnixStream,
    _directory: tempfile::TempDir,
}

impl Running {
    /// Starts a child. Its reports come over a socket that is not where the log is.
    pub fn start(orders: &Orders) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let socket = directory.path().join("line");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let test = env::current_exe().expect("the test's own program");
        let mut words =
            orders.wrapper.iter().map(String::as_str).chain([test.to_str().expect("a path in UTF-8")]);
        let child = Command::new(words.next().unwrap_or_default())
            .args(words)
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(ORDERS, encode(orders, &socket))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} can't be started: {error}", orders.wrapper));
        let mut line = accept(&listener);
        let mut pid = [0; 4];
        line.read_exact(&mut pid).expect("the child says who it is");
        let pid = libc::pid_t::from_le_bytes(pid);
        Self { child, pid, line, _directory: directory }
    }

    /// Notes what the child reports, for `length` from its first report on, or until it ends.
    pub fn listen(&mut self, records: &mut Records, length: Duration) {
        let mut deadline = None;
        while let Some(record) = Record::receive(&self.line) {
            records.note(record);
            if Instant::now() > *deadline.get_or_insert_with(|| Instant::now() + length) {
                return;
            }
        }
    }

    /// Notes what the child reports until that is `enough`.
    ///
    /// # Panics
    /// When it isn't within a minute.
    pub fn listen_until(&mut self, records: &mut Records, enough: impl Fn(&Records) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !enough(records) {
            let record = Record::receive(&self.line).expect("the child goes on");
            records.note(record);
            assert!(
                Instant::now() < deadline,
                "{} acknowledged, refused {:?}",
                records.len(),
                records.refused
            );
        }
    }

    /// Notes what is still to come, until the child ends.
    pub fn listen_to_the_end(&mut self, records: &mut Records) -> ExitStatus {
        while let Some(record) = Record::receive(&self.line) {
            records.note(record);
        }
        self.child.wait().expect("the child ends")
    }

    /// kill -9, then notes what was on its way.
    pub fn kill(mut self, records: &mut Records) {
        self.send_kill();
        let status = self.listen_to_the_end(records);
        // One that stopped by itself first has aborted.
        assert!(matches!(status.signal(), Some(libc::SIGKILL | libc::SIGABRT)), "{status}");
    }
}

impl Running {
    /// kill -9 so long after its start, whatever it does then.
    pub fn kill_after(self, length: Duration, records: &mut Records) {
        let deadline = Instant::now() + length;
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            std::thread::park_timeout(left);
        }
        self.kill(records);
    }

    /// The process may have ended by itself; until it is waited for, nobody else can have its number.
    fn send_kill(&self) {
        // SAFETY: a call with numbers only.
        unsafe { libc::kill(self.pid, libc::SIGKILL) };
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A test that fails must not leave its child behind.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.send_kill();
            let _ = self.child.wait();
        }
    }
}

/// Accepts the child's connection; a child that can't even begin must not hold the test up.
fn accept(listener: &UnixListener) -> UnixStream {
    listener.set_nonblocking(true).expect("a socket");
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match listener.accept() {
            Ok((line, _)) => {
                line.set_nonblocking(false).expect("a socket");
                line.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket");
                return line;
            }
            Err(error) => assert!(Instant::now() < deadline, "the child doesn't report: {error}"),
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

fn encode(orders: &Orders, socket: &Path) -> String {
    let Orders { file, life, faults, truncate, survive, .. } = orders;
    let (sync, ack) = (u8::from(faults.synchronous_off), u8::from(faults.ack_before_commit));
    format!(
        "{}|{}|{life}|{sync}|{ack}|{}|{}",
        file.display(),
        socket.display(),
        u8::from(*truncate),
        u8::from(*survive)
    )
}

/// The child itself, if this process is one.
pub fn run_if_asked() {
    let Ok(orders) = env::var(ORDERS) else { return };
    let words: Vec<&str> = orders.split('|').collect();
    let [file, socket, life, sync, ack, truncate, survive] = words[..] else {
        panic!("bad orders: {orders}")
    };
    let faults = Faults { synchronous_off: sync == "1", ack_before_commit: ack == "1" };
    let mut line = UnixStream::connect(socket).expect("the parent listens");
    line.write_all(&std::process::id().to_le_bytes()).expect("the parent listens");
    let line = Arc::new(line);
    let mut options = Options { faults, ..options(Path::new(file)) };
    if survive == "1" {
        let told = Arc::clone(&line);
        options.on_fatal = Arc::new(move |_| {
            let _ = Record::Refused { number: 0, kind: "fatal".into() }.send(&told);
        });
    }
    let log = SqliteLog::open(options).expect("the log opens");
    let load = Arc::new(Load { log, line, life: life.parse().expect("a number"), next: AtomicU64::new(0) });
    for _ in 0..IN_FLIGHT {
        Arc::clone(&load).append();
    }
    loop {
        if truncate == "1" {
            load.truncate();
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

struct Load {
    log: SqliteLog,
    line: Arc<UnixStream>,
    life: u64,
    next: AtomicU64,
}

impl Load {
    /// Appends something, reports the outcome, and begins again.
    fn append(self: Arc<Self>) {
        let step = self.next.fetch_add(1, Relaxed);
        let mut dice = Dice((self.life * LIFE + step + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let number = match dice.below(8) {
            // A number of this life again, and one that the last life may have stored or not.
            0 => self.life * LIFE + dice.below(step + 1),
            1 if self.life > 0 => (self.life - 1) * LIFE + dice.below(2000),
            _ => self.life * LIFE + step,
        };
        let again = Arc::clone(&self);
        let done = Box::new(move |outcome: Result<Vec<Appended>, LogError>| {
            if Record::of(number, &outcome).send(&again.line).is_err() {
                // The parent has gone.
                std::process::exit(3);
            }
            // A log that has stopped refuses at once.
            if !outcome.is_err_and(|error| error.kind == LogErrorKind::Closed) {
                again.append();
            }
        });
        self.log.append(partition_of(number), vec![entry(number)], done);
    }

    fn truncate(&self) {
        let partition = PartitionId(3);
        let head = self.log.head(partition).expect("a head").serial.seq;
        // Refused when the log has stopped; then the process ends.
        let _ = self.log.truncate(partition, head.saturating_sub(500));
    }
}

pub fn partition_of(number: u64) -> PartitionId {
    PartitionId((number % u64::from(PARTITIONS)) as u16)
}

/// The entry with a number; its length follows from it.
pub fn entry(number: u64) -> NewEntry {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut body = vec![number as u8; 8 + (mixed >> 40) as usize % 600];
    body[..8].copy_from_slice(&number.to_le_bytes());
    let mut key = [0; 16];
    key[..8].copy_from_slice(&number.to_le_bytes());
    key[8..].copy_from_slice(&mixed.to_le_bytes());
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    NewEntry { key: DedupeKey(key), time_ms: time.as_millis() as u64, body: Bytes::from(body) }
}

/// The number that a body is of.
///
/// # Panics
/// When the body is not as it was appended.
pub fn number_of(body: &[u8]) -> u64 {
    let number = u64::from_le_bytes(std::array::from_fn(|at| body[at]));
    assert_eq!(body, &entry(number).body[..], "the body of number {number}");
    number
}
