//! `loquat keys`: create, list and revoke API keys, also while the server runs.

use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command};
use loquat_auth::{Entropy, OsEntropy};
use loquat_node::clock::wall_ms;
use loquat_protocol::{AppId, Capability, KeyName};
use loquat_store::{AppRecord, Directory, KeyRecord};

use crate::{
    cli::{configuration, configured},
    data_dir::DataDir,
    error::CommandError,
    terminal::say,
    wire,
};

/// The command and its subcommands.
pub fn command() -> Command {
    let app = Arg::new("app")
        .long("app")
        .value_name("APP")
        .default_value("app")
        .help("The app that the key belongs to");
    let capability = Arg::new("capability")
        .long("capability")
        .value_name("JSON")
        .default_value(r#"{"[*]*":["*"]}"#)
        .help("What the key permits, as a JSON object of channel patterns and operations");
    let name = Arg::new("name").value_name("APP.KEY").required(true).help("The key's name");
    Command::new("keys")
        .about("Create, list and revoke API keys")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            configured(Command::new("create").about("Create a key; its secret is shown once"))
                .arg(app)
                .arg(capability),
        )
        .subcommand(configured(Command::new("list").about("List keys, without their secrets")))
        .subcommand(
            configured(Command::new("revoke").about("Revoke a key and every token made with it")).arg(name),
        )
}

/// Runs a subcommand. A running server notices the change within a second.
///
/// # Errors
/// In words.
pub fn run(matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let Some((subcommand, matches)) = matches.subcommand() else { return Ok(ExitCode::FAILURE) };
    let config = configuration(matches)?.config;
    let data = DataDir::open(&config.server.data_dir, config.log.partitions as u16, false)?;
    let store = wire::open_store(&data)?;
    match subcommand {
        "create" => create(&*store, matches),
        "list" => list(&*store),
        _ => revoke(&*store, matches),
    }
}

fn text<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

fn create(store: &impl Directory, matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let app = text(matches, "app");
    let id = AppId::parse(app)
        .ok_or_else(|| CommandError::failed(format!("--app {app}: use letters, digits, '-' and '_'")))?;
    let capability =
        Capability::parse(text(matches, "capability")).map_err(CommandError::about("--capability"))?;
    let key = new_key(&id, capability)?;
    let exists = store.apps().map_err(CommandError::failed)?.iter().any(|app| app.id == id);
    if exists {
        store.create_key(&key).map_err(CommandError::failed)?;
    } else {
        let app = AppRecord { id, created_ms: wall_ms() };
        store.create_app(&app, std::slice::from_ref(&key)).map_err(CommandError::failed)?;
    }
    say(&format!("{}:{}", key.name, key.secret));
    Ok(ExitCode::SUCCESS)
}

/// A key with a random name and secret.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_key(app: &AppId, capability: Capability) -> Result<KeyRecord, CommandError> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut random = [0; 40];
    OsEntropy.fill(&mut random).map_err(|_| CommandError::failed("the system gives no random bytes"))?;
    let letters = |bytes: &[u8]| {
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 63)])).collect::<String>()
    };
    Ok(KeyRecord {
        name: KeyName::from_trusted(&format!("{app}.{}", letters(&random[..8]))),
        secret: letters(&random[8..]),
        capability,
        created_ms: wall_ms(),
        revoked_ms: None,
    })
}

fn list(store: &impl Directory) -> Result<ExitCode, CommandError> {
    for key in store.keys().map_err(CommandError::failed)? {
        let state = if key.revoked_ms.is_some() { "revoked" } else { "active" };
        say(&format!("{}\t{state}\t{}", key.name, key.capability));
    }
    Ok(ExitCode::SUCCESS)
}

fn revoke(store: &impl Directory, matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let text = text(matches, "name");
    let name = KeyName::parse(text)
        .ok_or_else(|| CommandError::failed(format!("{text}: is not of the form app.key")))?;
    if store.revoke_key(&name, wall_ms()).map_err(CommandError::failed)? {
        say(&format!("{name} is revoked"));
        Ok(ExitCode::SUCCESS)
    } else {
        Err(CommandError::failed(format!(
            "{name}: there is no such active key; `loquat keys list` shows what there is"
        )))
    }
}
