//! `loquat bench`.

use std::process::ExitCode;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use loquat_bench::{Options, Program};

use crate::{error::CommandError, terminal::say};

/// The command and its options, which are the benchmark's own.
pub fn command() -> Command {
    Options::augment_args(Command::new("bench").about("Measure a server against bare loops in the same run"))
}

/// Runs a benchmark.
///
/// # Errors
/// What the benchmark failed with.
pub fn run(matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let options = Options::from_arg_matches(matches).map_err(CommandError::failed)?;
    let path = std::env::current_exe().map_err(CommandError::failed)?;
    let program = Program { path, prefix: vec!["bench".into()] };
    let report = loquat_bench::run(&options, &program).map_err(CommandError::failed)?;
    if let Some(report) = report {
        say(report.to_string().trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
