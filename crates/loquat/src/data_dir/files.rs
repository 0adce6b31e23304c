//! Files and directories of a data directory: made for their owner alone, written durably, locked.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
    time::Duration,
};

use crate::error::CommandError;

/// How often, and how long each time, a server waits for others to have looked at the lock.
const GLANCES_MAX: usize = 50;
const GLANCE: Duration = Duration::from_millis(10);

/// Makes a directory that only this user may enter, and those above it, where they are missing. One that is there and
/// empty becomes such a directory; one with files in it stays as its owner has set it.
///
/// # Errors
/// In words that name the directory.
pub fn make_dir(path: &Path) -> Result<(), CommandError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(path).map_err(CommandError::about(format!("{}: cannot be made", path.display())))?;
    let is_empty = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        // A mounted volume may belong to somebody else, who then decides who may enter.
        drop(fs::set_permissions(path, fs::Permissions::from_mode(0o700)));
    }
    Ok(())
}

/// Makes the names in a directory durable.
///
/// # Errors
/// In words that name the directory.
pub fn sync_dir(path: &Path) -> Result<(), CommandError> {
    File::open(path).and_then(|dir| dir.sync_all()).map_err(CommandError::about(path.display()))
}

/// Whether a server has the directory at this moment.
///
/// # Errors
/// In words that name the file.
pub fn is_served(path: &Path) -> Result<bool, CommandError> {
    let file = path.join("lock");
    let lock = match File::open(&file) {
        Ok(lock) => lock,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(CommandError::about(file.display())(error)),
    };
    match lock.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(CommandError::about(file.display())(error)),
    }
}

/// Takes the directory for this process, until the file is dropped.
///
/// # Errors
/// When another process has it, in words that say what to do.
pub fn lock(path: &Path) -> Result<File, CommandError> {
    let file = path.join("lock");
    let lock = File::create(&file).map_err(CommandError::about(file.display()))?;
    for _ in 0..GLANCES_MAX {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if lock.try_lock_shared().is_err() => break,
            // Not a server, but somebody who looks whether there is one (`is_served`), and is gone in a moment.
            Err(TryLockError::WouldBlock) => {
                lock.unlock().map_err(CommandError::about(file.display()))?;
                std::thread::park_timeout(GLANCE);
            }
            Err(TryLockError::Error(error)) => return Err(CommandError::about(file.display())(error)),
        }
    }
    Err(CommandError::failed(format!(
        "{}: another loquat is running on this data directory; stop it or give --data-dir another one",
        path.display()
    )))
}

/// Writes a file that only this user may read, durably, all or nothing.
///
/// # Errors
/// In words that name the file.
pub fn write_new(file: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let part = file.with_extension("part");
    let write = || {
        let mut options = OpenOptions::new();
        let mut open = options.write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        open.write_all(bytes)?;
        open.sync_all()?;
        fs::rename(&part, file)
    };
    write().map_err(CommandError::about(file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_directory_is_closed_to_others_and_a_full_one_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let [new, empty, full] = ["new/data", "empty", "full"].map(|name| dir.path().join(name));
        for path in [&empty, &full] {
            fs::create_dir(path).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::write(full.join("mine"), "precious").unwrap();
        for path in [&new, &empty, &full] {
            make_dir(path).unwrap();
        }
        assert_eq!((mode(&new), mode(&empty), mode(&full)), (0o700, 0o700, 0o755));
    }
}
