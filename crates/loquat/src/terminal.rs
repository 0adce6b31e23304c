//! What people see of a command. Log lines go through `tracing` instead.

use std::io::Write;

/// A line of a command's answer, to standard output. A reader that has gone does not want it.
pub fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// A line about what went wrong, to standard error.
pub fn complain(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
