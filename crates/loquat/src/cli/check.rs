//! `loquat check`: is the configuration right, and is the data directory sound?

use std::{path::Path, process::ExitCode};

use clap::{Arg, ArgAction, ArgMatches, Command};
use loquat_config::Config;
use loquat_gateway::Certificates;

use crate::{
    cli::{configuration, configured},
    error::CommandError,
    inspect::{Findings, inspect},
    terminal::{complain, say},
};

/// The command.
pub fn command() -> Command {
    let print = Arg::new("print-config")
        .long("print-config")
        .action(ArgAction::SetTrue)
        .help("Print the configuration in force as a loquat.toml, with where each value came from");
    let about = "Look for mistakes in the configuration and for damage in the data directory";
    configured(Command::new("check").about(about)).arg(print)
}

/// Checks; may run beside a server. What is well goes to standard output, what is not to standard error; after
/// `--print-config` standard output is for the configuration alone.
///
/// # Errors
/// Every mistake in the configuration.
pub fn run(matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let effective = configuration(matches)?;
    let print = matches.get_flag("print-config");
    if print {
        say(effective.print().trim());
    }
    let findings = findings(&effective.config);
    if !print {
        findings.sound.iter().for_each(|line| say(&format!("ok: {line}")));
    }
    findings.problems.iter().for_each(|line| complain(&format!("problem: {line}")));
    Ok(if findings.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn findings(config: &Config) -> Findings {
    let path = &config.server.data_dir;
    let mut findings = if is_vacant(path) {
        let sound = vec![format!("{}: nothing there yet; `loquat serve` makes it", path.display())];
        Findings { sound, problems: Vec::new() }
    } else {
        inspect(path, config.log.engine)
    };
    findings.sound.insert(0, "configuration".to_owned());
    if let Some((cert, key)) = config.tls.files() {
        match Certificates::load(cert, key) {
            Ok(_) => findings.sound.push(format!("{}: fits {}", cert.display(), key.display())),
            Err(error) => findings.problems.push(format!("tls: {error}")),
        }
    }
    findings
}

/// Whether a server would make the data directory.
fn is_vacant(path: &Path) -> bool {
    std::fs::read_dir(path).map_or_else(
        |error| error.kind() == std::io::ErrorKind::NotFound,
        |mut entries| entries.next().is_none(),
    )
}
