//! The data directory: its version, its identity, its secrets, and that one process has it.
//!
//! ```text
//! loquat.json        version, instance id, number of partitions
//! secret.key         48 random bytes in hex: signs tokens and connection keys, keys the hash of message ids
//! lock               held by the process that serves
//! hold               held by a backup or a check: the log is not truncated meanwhile (see `hold.rs`)
//! log.sqlite, store.sqlite, directory.sqlite, people.sqlite
//! ```

mod files;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use loquat_auth::{Entropy, OsEntropy, ServerSecret};
use serde::{Deserialize, Serialize};

pub use self::files::{is_served, lock, make_dir, sync_dir, write_new};
use crate::error::CommandError;

/// The layout that this release writes. 1: log, store, directory. 2: people too.
pub const VERSION: u32 = 2;

/// Says that the directory is one of ours, and is written last when one is made: where it is, all is.
const META_FILE: &str = "loquat.json";

/// The node's secrets.
pub const SECRET_FILE: &str = "secret.key";

/// What the directory says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// The layout's version.
    pub version: u32,
    /// Tells this installation from every other.
    pub instance: String,
    /// Partitions of the log.
    pub partitions: u16,
}

/// An open data directory.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// What it says of itself.
    pub meta: Meta,
    secrets: [u8; 48],
    _lock: Option<File>,
}

impl DataDir {
    /// Opens the directory, making it if it is missing. `exclusive`: for a process that serves; fails when another does.
    ///
    /// # Errors
    /// In words that name the file and the remedy.
    pub fn open(path: &Path, partitions: u16, exclusive: bool) -> Result<Self, CommandError> {
        make_dir(path)?;
        let lock = if exclusive { Some(lock(path)?) } else { None };
        let meta = match read_meta(path)? {
            Some(meta) => meta,
            None => make(path, partitions)?,
        };
        let secrets = read_secrets(&path.join(SECRET_FILE))?;
        Ok(Self { path: path.to_owned(), meta, secrets, _lock: lock })
    }

    /// Opens a directory that is there, beside whoever uses it.
    ///
    /// # Errors
    /// In words that name the file and the remedy.
    pub fn open_existing(path: &Path) -> Result<Self, CommandError> {
        let meta = read_meta(path)?.ok_or_else(|| {
            let file = path.join(META_FILE);
            CommandError::failed(format!(
                "{}: there is no such file, so this is no data directory of loquat",
                file.display()
            ))
        })?;
        let secrets = read_secrets(&path.join(SECRET_FILE))?;
        Ok(Self { path: path.to_owned(), meta, secrets, _lock: None })
    }

    /// Writes what this directory says of itself, and its secrets, into another, durably. To be called last: it
    /// makes the other one a data directory.
    ///
    /// # Errors
    /// In words that name the file.
    pub fn write_identity(&self, to: &Path) -> Result<(), CommandError> {
        write_identity(to, &self.meta, &hex(&self.secrets))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says that all of this release's files are here, once they are; until then the directory keeps its older version.
    ///
    /// # Errors
    /// In words that name the file.
    pub fn raise_version(&mut self) -> Result<(), CommandError> {
        if self.meta.version == VERSION {
            return Ok(());
        }
        let meta = Meta { version: VERSION, ..self.meta.clone() };
        write_meta(&self.path, &meta)?;
        self.meta = meta;
        sync_dir(&self.path)
    }

    /// The databases that must be here, by the directory's version: one that is missing was lost.
    pub fn databases(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let since = [("store.sqlite", 1), ("directory.sqlite", 1), ("people.sqlite", 2)];
        let here = since.into_iter().filter(|(_, version)| *version <= self.meta.version);
        here.map(|(name, _)| self.path.join(name))
    }

    /// The file of the log.
    pub fn log_file(&self) -> PathBuf {
        self.path.join("log.sqlite")
    }

    /// Signs tokens and connection keys.
    pub fn server_secret(&self) -> ServerSecret {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&self.secrets[..32]);
        ServerSecret::from_bytes(bytes)
    }

    /// Keys the hash of message ids.
    pub fn dedupe_secret(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.secrets[32..]);
        bytes
    }
}

/// What the directory says of itself; `None` when it says nothing.
fn read_meta(path: &Path) -> Result<Option<Meta>, CommandError> {
    let file = path.join(META_FILE);
    match fs::read_to_string(&file) {
        Ok(text) => parse_meta(&file, &text).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CommandError::about(file.display())(error)),
    }
}

fn parse_meta(file: &Path, text: &str) -> Result<Meta, CommandError> {
    let version =
        serde_json::from_str::<serde_json::Value>(text).ok().and_then(|value| value.get("version")?.as_u64());
    match version {
        Some(newer) if newer > u64::from(VERSION) => Err(CommandError::failed(format!(
            "{}: the data directory has version {newer}, this release understands {VERSION}; use the newer release",
            file.display()
        ))),
        _ => serde_json::from_str(text).map_err(|error| {
            let remedy = "restore the file from a backup";
            CommandError::failed(format!("{}: damaged ({error}); {remedy}", file.display()))
        }),
    }
}

fn make(path: &Path, partitions: u16) -> Result<Meta, CommandError> {
    let foreign = fs::read_dir(path).map_err(CommandError::about(path.display()))?;
    let foreign = foreign.flatten().find(|entry| entry.file_name() != "lock");
    if let Some(entry) = foreign {
        return Err(CommandError::failed(format!(
            "{}: is no data directory of loquat (no loquat.json) and is not empty (it has {}); give --data-dir an empty one",
            path.display(),
            entry.file_name().to_string_lossy()
        )));
    }
    let mut random = [0; 64];
    OsEntropy.fill(&mut random).map_err(|_| CommandError::failed("the system gives no random bytes"))?;
    // The databases are made when they are opened; then it becomes this release's.
    let meta = Meta { version: 1, instance: hex(&random[..16]), partitions };
    write_identity(path, &meta, &hex(&random[16..]))?;
    Ok(meta)
}

fn write_identity(path: &Path, meta: &Meta, secrets: &str) -> Result<(), CommandError> {
    write_new(&path.join(SECRET_FILE), secrets.as_bytes())?;
    write_meta(path, meta)?;
    sync_dir(path)
}

fn write_meta(path: &Path, meta: &Meta) -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(meta).map_err(CommandError::failed)?;
    write_new(&path.join(META_FILE), text.as_bytes())
}

fn read_secrets(file: &Path) -> Result<[u8; 48], CommandError> {
    let text = fs::read_to_string(file).map_err(CommandError::about(file.display()))?;
    unhex(text.trim()).ok_or_else(|| {
        CommandError::failed(format!(
            "{}: damaged; restore it from a backup, else every token and key becomes invalid",
            file.display()
        ))
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 48]> {
    let mut bytes = [0; 48];
    if text.len() != 96 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(bytes)
}
