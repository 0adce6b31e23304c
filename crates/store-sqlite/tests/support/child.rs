//! A process that writes to a store until it is stopped, and says what it has done.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use loquat_protocol::{AppId, Capability, KeyName};
use loquat_store::{
    AppRecord, Directory, KeyRecord, Projection,
    laws::people::make::add_person,
    people::{Persons, RoomProjection},
};
use loquat_store_sqlite::{Options, SqliteStore};

use super::{
    people,
    workload::{self, PARTITIONS},
};

/// Names the store's directory to the child.
const DIRECTORY: &str = "LOQUAT_TEST_STORE_CHILD";

/// When set, the child goes on after errors, ends by itself, and prints what went wrong.
const FAULTY: &str = "LOQUAT_TEST_STORE_FAULTY";

/// Rounds of a faulty child.
const FAULTY_ROUNDS: usize = 60;

/// Batches between two syncs, and between two runs of retention.
const SYNC_EVERY: u64 = 4;
const PRUNE_EVERY: u64 = 9;

/// What the child has said it did: promises that must hold.
#[derive(Clone, Debug, Default)]
pub struct Promises {
    /// Per partition, in their order: applied up to here.
    pub applied: Vec<u64>,
    /// Per partition: durable up to here.
    pub durable: Vec<u64>,
    /// Names of keys that were made.
    pub keys: Vec<String>,
    /// The same of rooms, per partition of theirs: counted up to here, and durable up to here.
    pub counted: Vec<u64>,
    pub rooms_durable: Vec<u64>,
    /// Handles of people who were made.
    pub people: Vec<String>,
}

/// The child and the promises it made.
pub struct Writer {
    process: Child,
    lines: BufReader<ChildStdout>,
    pub promises: Promises,
}

/// The body of a child process; nothing when this is not one. To be called by a `#[test]` of the name `child`.
pub fn run_if_child() {
    let Some(dir) = std::env::var_os(DIRECTORY) else { return };
    let store = SqliteStore::open(&PathBuf::from(dir), &Options::for_test()).expect("the store opens");
    match std::env::var_os(FAULTY) {
        Some(_) => write_and_tell_errors(&store),
        None => write_until_stopped(&store),
    }
}

/// What a child met that was started to meet errors: the step and the kind of error, in order.
pub fn errors_under_fault(dir: &Path, inject: &str) -> Vec<String> {
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "signal=none", "-e", inject])
        .arg(std::env::current_exe().expect("this binary has a path"))
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, dir)
        .env(FAULTY, "1")
        .output()
        .expect("strace starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.lines().filter_map(|line| line.split_once("> error ")).map(|(_, error)| error.to_owned()).collect()
}

fn write_and_tell_errors(store: &SqliteStore) {
    for _ in 0..FAULTY_ROUNDS {
        if let Err(error) = store.apply(&workload::next_batch(store)) {
            say("error", &format!("apply {:?}", error.kind));
        }
        if let Err(error) = store.sync() {
            say("error", &format!("sync {:?}", error.kind));
        }
    }
}

fn write_until_stopped(store: &SqliteStore) -> ! {
    let app = AppRecord { id: AppId::from_trusted("app"), created_ms: 1 };
    if store.apps().expect("apps are listed").is_empty() {
        store.create_app(&app, &[]).expect("an app is made");
    }
    people::prepare(store.people());
    for n in 1_u64.. {
        store.apply(&workload::next_batch(store)).expect("a batch is applied");
        say("applied", &seqs(store, |cursor| cursor.seq));
        store.people().apply_rooms(&people::next_batch(store.people())).expect("a batch is counted");
        say("counted", &numbers(people::cursors(store.people())));
        if n.is_multiple_of(SYNC_EVERY) {
            store.sync().expect("a store syncs");
            say("durable", &seqs(store, |cursor| cursor.durable_seq));
            let name = format!("app.k{}", store.keys().expect("keys are listed").len());
            store.create_key(&key(&name)).expect("a key is made");
            say("key", &name);
            let name = format!("person{}", store.people().count_persons().expect("people are counted"));
            add_person(&**store.people(), &name);
            say("person", &name);
            say("rooms_durable", &numbers(people::durable_seqs(store.people())));
        }
        if n.is_multiple_of(PRUNE_EVERY) {
            workload::prune(store);
        }
    }
    unreachable!("the child is stopped long before")
}

fn key(name: &str) -> KeyRecord {
    let capability = Capability::everything();
    KeyRecord {
        name: KeyName::from_trusted(name),
        secret: "s".into(),
        capability,
        created_ms: 1,
        revoked_ms: None,
    }
}

fn seqs(store: &SqliteStore, pick: impl Fn(loquat_store::Cursor) -> u64) -> String {
    let seqs =
        PARTITIONS.map(|partition| pick(store.cursor(partition).expect("a cursor is read")).to_string());
    seqs.join(" ")
}

fn numbers<const N: usize>(numbers: [u64; N]) -> String {
    numbers.map(|number| number.to_string()).join(" ")
}

fn say(what: &str, values: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "> {what} {values}").and_then(|()| out.flush()).expect("the parent listens");
}

impl Writer {
    /// Starts a child on a store: this test binary again, for its test `child` alone.
    pub fn start(dir: &Path) -> Self {
        let binary = std::env::current_exe().expect("this binary has a path");
        let mut process = Command::new(binary)
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(DIRECTORY, dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child starts");
        let lines = BufReader::new(process.stdout.take().expect("the child's output is piped"));
        Self { process, lines, promises: Promises::default() }
    }

    /// Listens until the child has kept this many promises.
    pub fn listen(&mut self, promises: usize) {
        for _ in 0..promises {
            assert!(self.hear(), "the child ended by itself");
        }
    }

    /// Hears the next promise; `false` at the end of the child's output.
    fn hear(&mut self) -> bool {
        let mut line = String::new();
        while self.lines.read_line(&mut line).expect("the child's output is text") > 0 {
            // The test harness writes lines of its own, and one without an end before the first of ours.
            let promise = line.rsplit_once("> ").and_then(|(_, text)| text.trim_end().split_once(' '));
            if let (Some((what, values)), true) = (promise, line.ends_with('\n')) {
                self.note(what, values);
                return true;
            }
            line.clear();
        }
        false
    }

    fn note(&mut self, what: &str, values: &str) {
        let numbers = || values.split(' ').map(|number| number.parse().expect("a number")).collect();
        match what {
            "applied" => self.promises.applied = numbers(),
            "durable" => self.promises.durable = numbers(),
            "counted" => self.promises.counted = numbers(),
            "rooms_durable" => self.promises.rooms_durable = numbers(),
            "person" => self.promises.people.push(values.to_owned()),
            _ => self.promises.keys.push(values.to_owned()),
        }
    }

    /// Stops the child where it is: it says nothing more. Whoever loses power says nothing about a sync that was under way
    /// either, and of one that the cut met in the middle the kernel may report success.
    pub fn freeze(&self) {
        // SAFETY: the number is that of a child that was not waited for, so it is nobody else's.
        let outcome = unsafe { libc::kill(self.process.id() as libc::pid_t, libc::SIGSTOP) };
        assert_eq!(outcome, 0, "the child is stopped: {}", std::io::Error::last_os_error());
    }

    /// Kills the child; what it had said before counts.
    pub fn kill(mut self) -> Promises {
        self.process.kill().expect("the child can be killed");
        self.process.wait().expect("the child ends");
        while self.hear() {}
        std::mem::take(&mut self.promises)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Nothing to do about a child that is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
