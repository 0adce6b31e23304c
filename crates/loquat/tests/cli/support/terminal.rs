//! A command that believes that a person sits before it.

use std::{
    fs::File,
    io::{self, Read, Write},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    process::{Child, Command},
};

use super::wait_for;

/// A command on a terminal of its own.
pub struct Terminal {
    child: Child,
    keyboard: File,
    /// The command's side; kept open, so that what it wrote can be read after its end.
    line: OwnedFd,
    /// What it wrote so far.
    seen: Vec<u8>,
}

impl Terminal {
    /// Starts a command.
    pub fn start(mut command: Command) -> Self {
        let (mut keyboard, mut line) = (0, 0);
        let nothing = std::ptr::null_mut();
        // SAFETY: the two numbers are written to; a name and attributes are not asked for.
        let opened =
            unsafe { libc::openpty(&mut keyboard, &mut line, nothing, nothing.cast(), nothing.cast()) };
        assert_eq!(opened, 0, "a terminal: {}", io::Error::last_os_error());
        // SAFETY: both were just opened and belong to nobody else.
        let (keyboard, line) = unsafe { (File::from_raw_fd(keyboard), OwnedFd::from_raw_fd(line)) };
        let stdio = || line.try_clone().expect("a descriptor");
        command.stdin(stdio()).stdout(stdio()).stderr(stdio());
        let take_terminal = || {
            // SAFETY: both are plain system calls; standard input is the terminal by now.
            let taken = unsafe { libc::setsid() != -1 && libc::ioctl(0, libc::TIOCSCTTY, 0) != -1 };
            if taken { Ok(()) } else { Err(io::Error::last_os_error()) }
        };
        // SAFETY: only system calls between fork and exec.
        unsafe { command.pre_exec(take_terminal) };
        Self { child: command.spawn().expect("the binary starts"), keyboard, line, seen: Vec::new() }
    }

    /// Answers a question, as soon as what is typed is not shown.
    pub fn answer_unseen(&mut self, question: &str, answer: &str) {
        while !self.seen.ends_with(question.as_bytes()) {
            let mut byte = [0];
            self.keyboard.read_exact(&mut byte).expect("the question comes");
            self.seen.extend(byte);
        }
        wait_for("a question that hides its answer", || (!self.shows()).then_some(()));
        self.keyboard.write_all(format!("{answer}\n").as_bytes()).expect("a terminal takes keys");
    }

    /// Waits for the end; gives the exit code and all that was to be seen.
    pub fn end(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().expect("a child can be waited for").code();
        drop(self.line);
        // The end of a terminal is an error.
        drop(self.keyboard.read_to_end(&mut self.seen));
        (code, String::from_utf8(self.seen).expect("the output is text"))
    }

    fn shows(&self) -> bool {
        // SAFETY: all zeros are a value of this type.
        let mut settings: libc::termios = unsafe { std::mem::zeroed() };
        // SAFETY: an open descriptor and a place to write to.
        assert_eq!(unsafe { libc::tcgetattr(self.line.as_raw_fd(), &mut settings) }, 0);
        settings.c_lflag & libc::ECHO != 0
    }
}
