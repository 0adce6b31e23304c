//! `loquat serve` as a child process.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Stdio},
};

use super::{Ended, Http, KEY, Realtime, loquat, text, wait_for};

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    /// What it printed until it was ready.
    pub greeting: String,
    /// Host and port.
    pub address: String,
}

impl Server {
    /// Starts a server that knows [`KEY`] on a free port.
    pub fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &["--root-key", KEY])
    }

    /// Starts a server with flags of one's own.
    pub fn start_with(data_dir: &Path, flags: &[&str]) -> Self {
        let mut command = loquat(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(data_dir)]);
        command.args(flags).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let mut server = Self { child, out, greeting: String::new(), address: String::new() };
        server.read_greeting();
        server
    }

    fn read_greeting(&mut self) {
        let Some(line) = self.line() else {
            let mut err = String::new();
            self.child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut err));
            panic!("the server did not start: {err}");
        };
        let (_, address) = line.split_once("http://").expect("the first line has the address");
        self.address = address.trim().to_owned();
        self.greeting = line;
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.out.read_line(&mut line).expect("its output is text") > 0).then_some(line)
    }

    /// The code of the set-up link, which it prints while nobody administers it.
    pub fn set_up_code(&mut self) -> String {
        while let Some(line) = self.line() {
            if let Some((_, code)) = line.trim().split_once("/setup#") {
                return code.to_owned();
            }
        }
        panic!("the server printed no set-up link");
    }

    /// A client with [`KEY`] over HTTP.
    pub fn http(&self) -> Http {
        Http::connect(&self.address, KEY)
    }

    /// A client with [`KEY`] over WebSocket, connected.
    pub fn realtime(&self) -> Realtime {
        Realtime::connect(&self.address, KEY)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Asks it to end and waits for that.
    pub fn stop(mut self) -> Ended {
        // SAFETY: a signal to a child that has not been waited for, so the id is still its own.
        unsafe { libc::kill(self.child.id() as libc::pid_t, libc::SIGTERM) };
        let status = wait_for("the end of the server", || self.child.try_wait().expect("a child"));
        let mut err = String::new();
        self.child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut err));
        let mut out = std::mem::take(&mut self.greeting);
        self.out.read_to_string(&mut out).expect("its output is text");
        Ended { code: status.code(), out, err }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; either way it is reaped here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
