//! A server to talk to, commands to run, clients to look with.

mod http;
mod people;
mod publishers;
mod realtime;
mod server;
mod terminal;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

pub use {
    http::Http,
    people::{PASSWORD, Person},
    publishers::{Acked, Publishers},
    realtime::Realtime,
    server::Server,
    terminal::Terminal,
};

/// The key of every test server, with every right.
pub const KEY: &str = "app.root:root-secret-of-the-tests";

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The binary with arguments; nothing of the environment's configuration reaches it.
pub fn loquat(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loquat"));
    command.args(arguments).stdin(Stdio::null()).current_dir(std::env::temp_dir());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LOQUAT_") {
            command.env_remove(name);
        }
    }
    command
}

/// How a command ended: its exit code, its standard output, its standard error.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs a command to its end.
pub fn run(arguments: &[&str]) -> Ended {
    ended(loquat(arguments).output().expect("the binary starts"))
}

/// What a command came to.
pub fn ended(output: Output) -> Ended {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs a command that must succeed; gives its standard output.
#[track_caller]
pub fn succeed(arguments: &[&str]) -> String {
    let ended = run(arguments);
    assert_eq!(ended.code, Some(0), "loquat {}: {ended:?}", arguments.join(" "));
    ended.out
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are text")
}

/// Waits until `condition` gives something.
#[track_caller]
pub fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(began.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Runs a command with something on its standard input.
pub fn run_with_input(arguments: &[&str], input: &str) -> Ended {
    let mut command = loquat(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("its input");
    // A command that does not read ends before it has all.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    ended(child.wait_with_output().expect("a child can be waited for"))
}
