//! `loquat backup`: a copy of the data directory as of one moment, also while the server runs.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Arg, ArgMatches, Command};
use loquat_config::LogEngine;

use crate::{
    cli::{configuration, configured},
    data_dir::{DataDir, make_dir, sync_dir},
    error::CommandError,
    hold::Hold,
    inspect,
    terminal::say,
    wire,
};

/// The command.
pub fn command() -> Command {
    let target = Arg::new("target")
        .value_name("TARGET")
        .required(true)
        .value_parser(clap::value_parser!(PathBuf))
        .help("The directory to make; it must be missing or empty");
    configured(Command::new("backup").about("Copy the data directory, also while the server runs"))
        .arg(target)
}

/// Makes a backup. Nothing is at the target until all of it is, durably.
///
/// # Errors
/// In words that name the file and the remedy.
pub fn run(matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let config = configuration(matches)?.config;
    refuse_cluster(config.log.engine)?;
    let data = DataDir::open_existing(&config.server.data_dir)?;
    let target = matches.get_one::<PathBuf>("target").cloned().unwrap_or_default();
    let part = Part::make(&target)?;
    let entries = copy(&data, &part.path)?;
    part.finish()?;
    say(&format!(
        "{}: a backup of {} with {entries} entries in its log",
        target.display(),
        data.path().display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Where the log is in a cluster, a copy of the data directory is none of the messages.
///
/// # Errors
/// For the engine `nats`.
pub fn refuse_cluster(engine: LogEngine) -> Result<(), CommandError> {
    match engine {
        LogEngine::Sqlite => Ok(()),
        LogEngine::Nats => Err(CommandError::failed(
            "log.engine is nats: the messages are in the cluster, which has its own copies and its own tools for \
             backups; this command is for the engine sqlite",
        )),
    }
}

/// The store first, then the log, so that the log holds all that the store refers to; what makes it a data directory
/// last. Gives the number of entries in the copied log.
fn copy(data: &DataDir, to: &Path) -> Result<u64, CommandError> {
    let hold = Hold::take(data.path())?;
    wire::open_store(data)?.backup_to(to).map_err(CommandError::failed)?;
    let log = to.join("log.sqlite");
    loquat_log_sqlite::backup(&data.log_file(), &log).map_err(CommandError::failed)?;
    drop(hold);
    data.write_identity(to)?;
    verify(to)
}

/// That the two copies fit each other, which only a defect could break. `loquat check` looks at all of a backup.
fn verify(copy: &Path) -> Result<u64, CommandError> {
    let data = DataDir::open_existing(copy)?;
    let spans = loquat_log_sqlite::spans(&data.log_file()).map_err(CommandError::failed)?;
    let cursors = inspect::cursors(&*wire::open_store(&data)?, data.meta.partitions)?;
    match inspect::disagreements(&cursors, &spans).first() {
        Some(problem) => Err(CommandError::failed(format!("the copies do not fit each other: {problem}"))),
        None => Ok(spans.iter().map(|span| span.head_seq + 1 - span.first_seq).sum()),
    }
}

/// The directory in which a backup comes to be, beside its target. Removed when it is not finished.
struct Part {
    path: PathBuf,
    target: PathBuf,
    finished: bool,
}

impl Part {
    fn make(target: &Path) -> Result<Self, CommandError> {
        // Without a slash at the end.
        let target: PathBuf = target.components().collect();
        let taken = fs::read_dir(&target).is_ok_and(|mut entries| entries.next().is_some());
        if taken || target.is_file() {
            let target = target.display();
            return Err(CommandError::failed(format!("{target}: is not empty; name a directory to be made")));
        }
        let mut path = target.clone().into_os_string();
        path.push(".part");
        let path = PathBuf::from(path);
        clear(&path)?;
        make_dir(&path)?;
        Ok(Self { path, target, finished: false })
    }

    fn finish(mut self) -> Result<(), CommandError> {
        for entry in fs::read_dir(&self.path).map_err(CommandError::about(self.path.display()))?.flatten() {
            let synced = File::open(entry.path()).and_then(|file| file.sync_all());
            synced.map_err(CommandError::about(entry.path().display()))?;
        }
        sync_dir(&self.path)?;
        let what = format!("{}: cannot be moved there", self.target.display());
        fs::rename(&self.path, &self.target).map_err(CommandError::about(what))?;
        self.finished = true;
        match self.target.parent() {
            Some(parent) if parent.as_os_str().is_empty() => sync_dir(Path::new(".")),
            Some(parent) => sync_dir(parent),
            None => Ok(()),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.finished {
            // The failure that led here is what is reported.
            drop(clear(&self.path));
        }
    }
}

/// Removes what a backup that was broken off has left, and nothing else.
fn clear(part: &Path) -> Result<(), CommandError> {
    let Ok(entries) = fs::read_dir(part) else { return Ok(()) };
    let is_ours = |name: &str| {
        ["log.sqlite", "store.sqlite", "directory.sqlite", "people.sqlite", "loquat.", "secret.", "hold"]
            .iter()
            .any(|ours| name.starts_with(ours))
    };
    for entry in entries.flatten().filter(|entry| is_ours(&entry.file_name().to_string_lossy())) {
        fs::remove_file(entry.path()).map_err(CommandError::about(entry.path().display()))?;
    }
    let what = format!("{}: is in the way and holds what no backup has left", part.display());
    fs::remove_dir(part).map_err(CommandError::about(what))
}
