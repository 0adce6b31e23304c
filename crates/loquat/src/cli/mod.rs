//! The commands.

mod backup;
mod bench;
mod check;
mod keys;
mod licences;
mod metrics;
mod restore;
mod serve;
mod users;

use std::{path::PathBuf, process::ExitCode};

use clap::{Arg, ArgAction, ArgMatches, Command};
use loquat_config::{EffectiveConfig, Layers, Mistake, Mistakes};
use loquat_telemetry::logging;

use crate::{error::CommandError, terminal::say};

/// Runs the command of the process's arguments.
///
/// # Errors
/// What the command failed with.
pub fn run() -> Result<ExitCode, CommandError> {
    let matches = command().get_matches();
    match matches.subcommand() {
        Some(("serve", matches)) => {
            serve::run(&configuration(matches)?.config, matches.get_flag("debug-echo"))
        }
        Some(("keys", matches)) => keys::run(matches),
        Some(("users", matches)) => users::run(matches),
        Some(("check", matches)) => check::run(matches),
        Some(("backup", matches)) => backup::run(matches),
        Some(("restore", matches)) => restore::run(matches),
        Some(("bench", matches)) => bench::run(matches),
        Some(("licences", _)) => Ok(licences::run()),
        _ => {
            say(concat!("loquat ", env!("CARGO_PKG_VERSION")));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn command() -> Command {
    let serve = configured(Command::new("serve").about("Run the server"))
        .arg(Arg::new("debug-echo").long("debug-echo").action(ArgAction::SetTrue).hide(true));
    Command::new("loquat")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Realtime messaging that existing Ably SDKs speak, run by yourself")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(serve)
        .subcommand(users::command())
        .subcommand(keys::command())
        .subcommand(check::command())
        .subcommand(backup::command())
        .subcommand(restore::command())
        .subcommand(bench::command())
        .subcommand(Command::new("version").about("Print the version"))
        .subcommand(
            Command::new("licences")
                .alias("licenses")
                .about("Print the licences of the packages that this program contains"),
        )
}

/// Adds a flag for every option of the configuration, and `--config`.
pub fn configured(command: Command) -> Command {
    let config =
        Arg::new("config").long("config").value_name("FILE").value_parser(clap::value_parser!(PathBuf));
    let command = command.arg(config.help("Configuration file [default: loquat.toml, if there is one]"));
    loquat_config::options().fold(command, |command, spec| {
        let arg = Arg::new(spec.path).long(spec.flag_name()).value_name(spec.kind).help(spec.help());
        let arg = if spec.is_switch() { arg.num_args(0..=1).default_missing_value("true") } else { arg };
        command.arg(arg)
    })
}

/// The configuration from file, environment and flags.
///
/// # Errors
/// Every mistake in it.
pub fn configuration(matches: &ArgMatches) -> Result<EffectiveConfig, CommandError> {
    let mut layers = Layers::of_process(matches.get_one::<PathBuf>("config").cloned());
    for spec in loquat_config::options() {
        if let Some(value) = matches.get_one::<String>(spec.path) {
            layers = layers.flag(spec.flag_name(), value.clone());
        }
    }
    let effective = layers.load()?;
    // The one option whose form the configuration's own crate cannot judge.
    if let Err(problem) = logging::check_filter(&effective.config.server.log_filter) {
        let (place, path) = (effective.origin("log_filter").name().to_owned(), "log_filter".to_owned());
        return Err(Mistakes(vec![Mistake { place, path, problem: problem.to_string() }]).into());
    }
    Ok(effective)
}
