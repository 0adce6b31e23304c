//! The write-ahead log file: kept at one size, so that a commit overwrites blocks that the file has.

use std::{
    fs::OpenOptions,
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use rusqlite::{Connection, DEFAULT_NAME, ffi};

use crate::{error::Failure, schema::PAGE_BYTES};

const FRAME_BYTES: u64 = PAGE_BYTES as u64 + 24;

/// What the writer knows of its write-ahead log.
pub(crate) struct Wal {
    /// Frames in use since it was last reused; told by SQLite after each commit.
    frames: Arc<AtomicU32>,
    /// At so many it is copied into the database.
    frames_full: u32,
    /// After a copy that could not finish: tried again when there are more frames than this.
    retry_above: u32,
}

impl Wal {
    /// Takes care of the write-ahead log of `file`, which `connection` has open.
    pub(crate) fn attach(connection: &mut Connection, wal_bytes: u64) -> rusqlite::Result<Self> {
        let frames = Arc::new(AtomicU32::new(0));
        let told = Arc::clone(&frames);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, count: std::ffi::c_int| {
            told.store(count.unsigned_abs(), Relaxed);
            Ok(())
        }))?;
        // The last quarter is for what is written while a copy can't finish.
        let frames_full = (wal_bytes / FRAME_BYTES * 3 / 4).clamp(8, u64::from(u32::MAX)) as u32;
        Ok(Self { frames, frames_full, retry_above: 0 })
    }

    pub(crate) fn is_full(&self) -> bool {
        let frames = self.frames.load(Relaxed);
        frames >= self.frames_full && frames > self.retry_above
    }

    /// Copies everything into the database, so that the next commit begins at the front again.
    pub(crate) fn checkpoint(&mut self, connection: &Connection) -> Result<(), Failure> {
        let mode = rusqlite::wal::CheckpointMode::PASSIVE;
        let copied = connection.wal_checkpoint_v2(DEFAULT_NAME, mode);
        let frames = self.frames.load(Relaxed);
        self.retry_above = frames + self.frames_full / 8;
        match copied {
            Ok((log, done)) if log == done => {
                self.frames.store(0, Relaxed);
                self.retry_above = 0;
                Ok(())
            }
            // A reader still needs older pages.
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .sqlite_error()
                    .is_some_and(|error| error.extended_code & 0xff == ffi::SQLITE_BUSY) =>
            {
                Ok(())
            }
            Err(error) => Err(Failure::from(error)),
        }
    }
}

/// Extends the write-ahead log of `file` to its full size with zeros, which no recovery takes for frames.
///
/// Writing them is the point: blocks that were only allocated would cost a journal commit of the file system each
/// time one is first written.
pub(crate) fn preallocate(file: &Path, wal_bytes: u64) -> io::Result<()> {
    match extend(&wal_path(file), wal_bytes) {
        // Commits are slower without, and a log that can be read is better than none.
        Err(error) if error.kind() == io::ErrorKind::StorageFull => {
            tracing::warn!(file = %file.display(), "no room for the whole write-ahead log: the disk is full");
            Ok(())
        }
        extended => extended,
    }
}

fn extend(wal: &Path, wal_bytes: u64) -> io::Result<()> {
    let mut wal = OpenOptions::new().write(true).open(wal)?;
    let mut end = wal.seek(SeekFrom::End(0))?;
    let zeros = vec![0; 1 << 20];
    while end < wal_bytes {
        let missing = (wal_bytes - end).min(zeros.len() as u64);
        wal.write_all(&zeros[..missing as usize])?;
        end += missing;
    }
    wal.sync_all()
}

/// The write-ahead log beside a database file.
pub(crate) fn wal_path(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push("-wal");
    path.into()
}
