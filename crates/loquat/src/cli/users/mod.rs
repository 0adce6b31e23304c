//! `loquat users`: accounts, from the machine that has them, also while the server runs.

mod password;

use std::{process::ExitCode, sync::Arc};

use clap::{Arg, ArgAction, ArgMatches, Command};
use loquat_auth::OsEntropy;
use loquat_chat::{ChatError, NewAccount, operator::Operator};
use loquat_config::Config;
use loquat_protocol::ErrorCode;
use loquat_store::people::{Person, PersonRole, Sessions};
use loquat_store_sqlite::SqliteStore;

use crate::{
    chat,
    cli::{configuration, configured},
    data_dir::DataDir,
    error::CommandError,
    terminal::say,
    wire,
};

/// The command and its subcommands.
pub fn command() -> Command {
    Command::new("users")
        .about("Make, list and change people's accounts")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(configured(Command::new("list").about("List accounts: handle, role, state, name")))
        .subcommand(create_command())
        .subcommand(
            configured(
                Command::new("set-password").about("Set a password, and sign the person out everywhere"),
            )
            .arg(login())
            .arg(from_stdin()),
        )
        .subcommand(
            configured(Command::new("role").about("Make somebody an administrator, or a member again"))
                .arg(login())
                .arg(role(Arg::new("new-role").value_name("ROLE").required(true))),
        )
        .subcommand(
            configured(Command::new("deactivate").about("Take an account out of use; what was said stays"))
                .arg(login()),
        )
        .subcommand(configured(Command::new("reactivate").about("Take it back into use")).arg(login()))
        .subcommand(sessions_command())
}

fn create_command() -> Command {
    let handle = Arg::new("handle").long("handle").value_name("HANDLE").required(true);
    let name = Arg::new("name").long("name").value_name("NAME").required(true);
    let email = Arg::new("email").long("email").value_name("ADDRESS");
    let new_role = Arg::new("new-role").long("role").value_name("ROLE").default_value("member");
    configured(Command::new("create").about("Make an account"))
        .arg(handle.help("What the person signs in with and is mentioned by"))
        .arg(name.help("What the person is called"))
        .arg(email.help("Their e-mail address, to sign in with as well"))
        .arg(role(new_role))
        .arg(from_stdin())
}

fn sessions_command() -> Command {
    Command::new("sessions")
        .about("Sign people out")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(configured(Command::new("end").about("End all sessions of somebody")).arg(login()))
}

fn login() -> Arg {
    Arg::new("login").value_name("WHO").required(true).help("Handle, e-mail address or id")
}

fn role(arg: Arg) -> Arg {
    arg.value_parser(["administrator", "member"]).help("What they are to the server")
}

fn from_stdin() -> Arg {
    Arg::new("password-stdin")
        .long("password-stdin")
        .action(ArgAction::SetTrue)
        .help("Read the password from standard input instead of asking for it")
}

/// Runs a subcommand. A running server notices the change within a second.
///
/// # Errors
/// In words.
pub fn run(matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    match matches.subcommand() {
        Some(("sessions", matches)) => match matches.subcommand() {
            Some((_, matches)) => Users::open(matches, false)?.end_sessions(matches),
            None => Ok(ExitCode::FAILURE),
        },
        Some(("create", matches)) => Users::open(matches, true)?.create(matches),
        Some(("set-password", matches)) => Users::open(matches, false)?.set_password(matches),
        Some(("role", matches)) => Users::open(matches, false)?.set_role(matches),
        Some(("list", matches)) => Users::open(matches, false)?.list(),
        Some((word, matches)) => Users::open(matches, false)?.set_deactivated(matches, word == "deactivate"),
        None => Ok(ExitCode::FAILURE),
    }
}

/// The accounts of a data directory.
struct Users {
    store: Arc<SqliteStore>,
    operator: Operator,
}

impl Users {
    /// `make`: also makes a directory that is missing, for the first account.
    fn open(matches: &ArgMatches, make: bool) -> Result<Self, CommandError> {
        let config: Config = configuration(matches)?.config;
        let path = &config.server.data_dir;
        let data = match make {
            true => DataDir::open(path, config.log.partitions as u16, false)?,
            false => DataDir::open_existing(path)?,
        };
        let store = wire::open_store(&data)?;
        let (people, entropy) = (Arc::clone(store.people()), Arc::new(OsEntropy));
        let operator = Operator::new(people, entropy, chat::clock(), chat::options(&config)).map_err(said)?;
        Ok(Self { store, operator })
    }

    fn find(&self, matches: &ArgMatches) -> Result<Person, CommandError> {
        let who = text(matches, "login");
        self.operator.find(who).map_err(|error| match error.code {
            ErrorCode::NotFound => CommandError::failed(format!(
                "{who}: there is no such account; `loquat users list` shows what there is"
            )),
            _ => said(error),
        })
    }

    fn list(&self) -> Result<ExitCode, CommandError> {
        let line = |person: Person| {
            let state = if person.deactivated_ms.is_some() { "deactivated" } else { "active" };
            say(&format!("{}\t{}\t{state}\t{}", person.handle, word(person.role), person.name));
        };
        self.operator.for_each(line).map_err(said)?;
        Ok(ExitCode::SUCCESS)
    }

    fn create(&self, matches: &ArgMatches) -> Result<ExitCode, CommandError> {
        let new = NewAccount {
            handle: text(matches, "handle").to_owned(),
            name: text(matches, "name").to_owned(),
            email: matches.get_one("email").cloned(),
            password: password::take(matches.get_flag("password-stdin"))?,
        };
        let person = self.operator.create(&new, role_of(matches)).map_err(said)?;
        say(&format!("{} is {} now", person.handle, article(person.role)));
        Ok(ExitCode::SUCCESS)
    }

    fn set_password(&self, matches: &ArgMatches) -> Result<ExitCode, CommandError> {
        let person = self.find(matches)?;
        let password = password::take(matches.get_flag("password-stdin"))?;
        self.operator.set_password(&person, &password).map_err(said)?;
        say(&format!("{} has a new password and is signed out everywhere", person.handle));
        Ok(ExitCode::SUCCESS)
    }

    fn set_role(&self, matches: &ArgMatches) -> Result<ExitCode, CommandError> {
        let person = self.operator.set_role(&self.find(matches)?.id, role_of(matches)).map_err(said)?;
        say(&format!("{} is {} now", person.handle, article(person.role)));
        Ok(ExitCode::SUCCESS)
    }

    fn set_deactivated(&self, matches: &ArgMatches, deactivated: bool) -> Result<ExitCode, CommandError> {
        let id = self.find(matches)?.id;
        let person = self.operator.set_deactivated(&id, deactivated).map_err(said)?;
        let state = if deactivated { "deactivated" } else { "active" };
        say(&format!("{} is {state} now", person.handle));
        Ok(ExitCode::SUCCESS)
    }

    fn end_sessions(&self, matches: &ArgMatches) -> Result<ExitCode, CommandError> {
        let person = self.find(matches)?;
        let ended = self.store.people().end_sessions(&person.id, None).map_err(CommandError::failed)?;
        say(&format!("{} sessions of {} have ended", ended.len(), person.handle));
        Ok(ExitCode::SUCCESS)
    }
}

/// The services' words, without the number that programs go by.
fn said(error: ChatError) -> CommandError {
    CommandError::failed(error.detail)
}

fn text<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

fn role_of(matches: &ArgMatches) -> PersonRole {
    match text(matches, "new-role") {
        "administrator" => PersonRole::Administrator,
        _ => PersonRole::Member,
    }
}

fn word(role: PersonRole) -> &'static str {
    match role {
        PersonRole::Administrator => "administrator",
        PersonRole::Member => "member",
    }
}

fn article(role: PersonRole) -> &'static str {
    match role {
        PersonRole::Administrator => "an administrator",
        PersonRole::Member => "a member",
    }
}
