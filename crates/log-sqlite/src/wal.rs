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

use rusqlite::Connection;

use crate::{copier, copier::Copier, error::Failure, schema::PAGE_BYTES};

const FRAME_BYTES: u64 = PAGE_BYTES as u64 + 24;

/// What the writer knows of its write-ahead log.
pub(crate) struct Wal {
    copier: Copier,
    /// Frames in use since it was last begun at the front; told by SQLite after each commit.
    frames: Arc<AtomicU32>,
    /// With so many a copy is asked for. The rest is for what is committed until the copy is complete.
    frames_half: u32,
    /// The number of frames at which the next copy is asked for; none while one is under way.
    ask_at: Option<u32>,
}

impl Wal {
    /// Takes care of the write-ahead log that `connection` has open.
    pub(crate) fn attach(
        connection: &mut Connection,
        copier: Copier,
        wal_bytes: u64,
    ) -> rusqlite::Result<Self> {
        let frames = Arc::new(AtomicU32::new(0));
        let told = Arc::clone(&frames);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, count: std::ffi::c_int| {
            told.store(count.unsigned_abs(), Relaxed);
            Ok(())
        }))?;
        let frames_half = (wal_bytes / FRAME_BYTES / 2).clamp(4, u64::from(u32::MAX)) as u32;
        Ok(Self { copier, frames, frames_half, ask_at: Some(frames_half) })
    }

    /// Asks for a copy if it is time.
    pub(crate) fn tend(&mut self) {
        if self.ask_at.is_some_and(|at| self.frames.load(Relaxed) >= at) {
            self.ask_at = None;
            self.copier.ask();
        }
    }

    /// The bulk is copied, or could not be: copies the rest, so that the next commit begins at the front. Where
    /// that can't be it is tried again some commits later, and the file may outgrow its size meanwhile.
    pub(crate) fn copied(
        &mut self,
        connection: &Connection,
        bulk: Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.ask_at = Some(self.frames.load(Relaxed).saturating_add(self.frames_half / 4));
        bulk?;
        if copier::copy(connection)? {
            self.ask_at = Some(self.frames_half);
            self.frames.store(0, Relaxed);
        }
        Ok(())
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
fn wal_path(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push("-wal");
    path.into()
}
