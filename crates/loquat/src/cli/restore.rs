//! `loquat restore`: a data directory from a backup.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Arg, ArgMatches, Command};
use loquat_config::{Config, LogEngine};
use loquat_log::Log;
use loquat_log_sqlite::{SqliteLog, spans};
use loquat_store::people::Sessions;
use loquat_store_sqlite::SqlitePeople;
use serde::{Deserialize, Serialize};

use crate::{
    cli::{backup::refuse_cluster, configuration, configured},
    data_dir::{self, DataDir, make_dir, sync_dir, write_new},
    error::CommandError,
    inspect,
    terminal::{complain, say},
    wire,
};

/// What is copied: the databases, and what SQLite left beside them if somebody has looked into the backup.
const FILES: [&str; 8] = [
    "store.sqlite",
    "store.sqlite-wal",
    "directory.sqlite",
    "directory.sqlite-wal",
    "people.sqlite",
    "people.sqlite-wal",
    "log.sqlite",
    "log.sqlite-wal",
];

/// Sessions ended by one transaction.
const SESSIONS_AT_ONCE: usize = 1_000;

/// The command.
pub fn command() -> Command {
    let source = Arg::new("source")
        .value_name("SOURCE")
        .required(true)
        .value_parser(clap::value_parser!(PathBuf))
        .help("The backup");
    let min_epoch = Arg::new("min-epoch")
        .long("min-epoch")
        .value_name("number")
        .value_parser(clap::value_parser!(u16))
        .default_value("1")
        .help("Lowest epoch to begin; one above the last one, if another copy of this backup was restored before");
    let about = "Make a data directory from a backup, into an empty --data-dir";
    configured(Command::new("restore").about(about)).arg(source).arg(min_epoch)
}

/// Restores a backup. The data directory is none until all of it is there, durably.
///
/// # Errors
/// In words that name the file and the remedy.
pub fn run(matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let config = configuration(matches)?.config;
    refuse_cluster(config.log.engine)?;
    let source = matches.get_one::<PathBuf>("source").cloned().unwrap_or_default();
    let backup = DataDir::open_existing(&source)?;
    if data_dir::is_served(&source)? {
        let source = source.display();
        return Err(CommandError::failed(format!(
            "{source}: a server runs on it; make a backup of it instead"
        )));
    }
    let mut target = Target::take(&config.server.data_dir)?;
    target.copy_from(&backup)?;
    let wanted = matches.get_one::<u16>("min-epoch").copied().unwrap_or(1);
    let epoch = begin_epoch(&config, &backup, &target.path, wanted)?;
    let ended = end_sessions(&target.path)?;
    backup.write_identity(&target.path)?;
    target.verify(&source)?;
    target.finished = true;
    say(&format!("{}: restored from {}, in epoch {epoch}", target.path.display(), source.display()));
    say(&format!(
        "{ended} sessions have ended: people sign in again. Accounts, roles, API keys and API tokens are as they were when \
         the backup was made: what was revoked since then is valid again, so revoke it again."
    ));
    Ok(ExitCode::SUCCESS)
}

/// Ends every session that the backup has: which of them were ended since, nobody knows any more.
fn end_sessions(target: &Path) -> Result<usize, CommandError> {
    let people =
        SqlitePeople::open(target, &loquat_store_sqlite::Options::default()).map_err(CommandError::failed)?;
    let mut ended = 0;
    loop {
        let now =
            people.end_expired_sessions(i64::MAX as u64, SESSIONS_AT_ONCE).map_err(CommandError::failed)?;
        if now.is_empty() {
            return Ok(ended);
        }
        ended += now.len();
    }
}

/// What a backup remembers of its restores, in `restores.json`.
#[derive(Serialize, Deserialize, Default)]
struct Restores {
    /// The epoch that the last restore began.
    epoch: u16,
}

/// Begins an epoch that neither the log nor an earlier restore of the same backup has used, so that no serial is ever
/// issued twice.
fn begin_epoch(config: &Config, backup: &DataDir, target: &Path, wanted: u16) -> Result<u16, CommandError> {
    let memory = backup.path().join("restores.json");
    let used: Restores =
        fs::read(&memory).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let log = SqliteLog::open(wire::log_options(config, target.join("log.sqlite"), backup.meta.partitions))
        .map_err(CommandError::failed)?;
    let mut epoch = log.raise_epoch().map_err(CommandError::failed)?;
    while epoch < wanted || epoch <= used.epoch {
        epoch = log.raise_epoch().map_err(CommandError::failed)?;
    }
    log.close();
    let text = serde_json::to_string(&Restores { epoch }).map_err(CommandError::failed)?;
    if let Err(error) = write_new(&memory, text.as_bytes()) {
        complain(&format!(
            "note: {error}. Should you restore this backup again, add --min-epoch {}",
            u32::from(epoch) + 1
        ));
    }
    Ok(epoch)
}

/// The data directory that comes to be, with its lock. Emptied again when it is not finished.
struct Target {
    path: PathBuf,
    made: bool,
    finished: bool,
    _lock: File,
}

impl Target {
    fn take(path: &Path) -> Result<Self, CommandError> {
        let made = !path.exists();
        make_dir(path)?;
        let lock = data_dir::lock(path)?;
        let mut entries = fs::read_dir(path).map_err(CommandError::about(path.display()))?.flatten();
        if let Some(entry) = entries.find(|entry| entry.file_name() != "lock") {
            return Err(CommandError::failed(format!(
                "{}: is not empty (it has {}); move it away, or give --data-dir another one",
                path.display(),
                entry.file_name().to_string_lossy()
            )));
        }
        Ok(Self { path: path.to_owned(), made, finished: false, _lock: lock })
    }

    fn copy_from(&self, backup: &DataDir) -> Result<(), CommandError> {
        for name in FILES {
            let (from, to) = (backup.path().join(name), self.path.join(name));
            let needed = backup.databases().any(|file| file == from) || name == "log.sqlite";
            if !needed && !from.exists() {
                continue;
            }
            fs::copy(&from, &to).map_err(CommandError::about(from.display()))?;
            File::open(&to).and_then(|file| file.sync_all()).map_err(CommandError::about(to.display()))?;
        }
        sync_dir(&self.path)
    }

    /// Reads all of what was restored.
    fn verify(&self, source: &Path) -> Result<(), CommandError> {
        let problems = inspect::inspect(&self.path, LogEngine::Sqlite).problems;
        if problems.is_empty() {
            return spans(&self.path.join("log.sqlite")).map(drop).map_err(CommandError::failed);
        }
        let problems =
            problems.join("\n").replace(&self.path.display().to_string(), &source.display().to_string());
        Err(CommandError::failed(format!("the backup is damaged:\n{problems}")))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // It was empty when it was taken. The failure that led here is what is reported.
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            drop(fs::remove_file(entry.path()));
        }
        if self.made {
            drop(fs::remove_dir(&self.path));
        }
    }
}
