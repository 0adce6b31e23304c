//! `loquat licences`: whose work the binary contains, and on what terms.

use std::process::ExitCode;

use crate::terminal::say;

/// Collected by the build.
const NOTICES: &str = include_str!(concat!(env!("OUT_DIR"), "/notices.txt"));

/// Prints them.
pub fn run() -> ExitCode {
    say(NOTICES.trim_end());
    ExitCode::SUCCESS
}
