//! Folding the write-ahead log into the file.
//!
//! SQLite would do it by itself, but drops what goes wrong; and when the sync that begins a checkpoint fails, the disk
//! may have lost commits that a later sync would then call durable.

use std::{
    ffi::c_int,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use rusqlite::{Connection, DEFAULT_NAME, hooks::Wal, wal::CheckpointMode};

use crate::{
    connection::PAGE_BYTES,
    error::{Failure, Outcome},
    options::Options,
};

/// Past this many times the usual size, a checkpoint waits for readers, so that the write-ahead log can start over.
const OVERGROWN: u32 = 8;

/// How long it waits. A backup holds its snapshot for longer, and is left in peace.
const RESTART_WAIT: Duration = Duration::from_millis(50);

/// When to fold.
pub(crate) struct Checkpoints {
    /// Pages in the write-ahead log; told by SQLite after each commit.
    pages: Arc<AtomicU32>,
    pages_usual: u32,
    /// After an attempt that could not finish, the next one is made above this.
    retry_above: u32,
    busy_timeout: Duration,
}

impl Checkpoints {
    /// Takes over from SQLite on a connection.
    pub(crate) fn attach(connection: &mut Connection, options: &Options) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicU32::new(0));
        let told = Arc::clone(&pages);
        connection.wal_hook(Some(move |_: &mut Wal, count: c_int| {
            told.store(count.unsigned_abs(), Relaxed);
            Ok(())
        }))?;
        let pages_usual = u32::try_from(options.checkpoint_bytes / PAGE_BYTES).unwrap_or(u32::MAX).max(1);
        Ok(Self { pages, pages_usual, retry_above: 0, busy_timeout: options.busy_timeout })
    }

    /// After a commit: folds when it is time. Failing is no harm to what was committed, unless a sync has failed.
    pub(crate) fn after_commit(&mut self, connection: &Connection) -> Outcome<()> {
        let pages = self.pages.load(Relaxed);
        if pages < self.pages_usual || pages <= self.retry_above {
            return Ok(());
        }
        let folded = match pages.checked_div(OVERGROWN) {
            Some(eighth) if eighth >= self.pages_usual => self.restart(connection),
            _ => fold(connection, CheckpointMode::PASSIVE),
        };
        self.retry_above = if matches!(folded, Ok(true)) { 0 } else { pages + self.pages_usual / 4 };
        match folded.map_err(Failure::from) {
            Err(failure) if failure.is_lost_sync() => Err(failure),
            Err(failure) => {
                tracing::warn!(?failure, pages, "the write-ahead log of the store cannot be folded into it");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }

    /// Readers that follow on each other without a pause keep the write-ahead log from starting over.
    fn restart(&self, connection: &Connection) -> rusqlite::Result<bool> {
        connection.busy_timeout(RESTART_WAIT)?;
        let folded = fold(connection, CheckpointMode::TRUNCATE);
        connection.busy_timeout(self.busy_timeout)?;
        folded
    }
}

/// Whether all of it was folded; a reader may still need the old pages.
fn fold(connection: &Connection, mode: CheckpointMode) -> rusqlite::Result<bool> {
    match connection.wal_checkpoint_v2(DEFAULT_NAME, mode) {
        Ok((pages, folded)) => Ok(pages == folded),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(false),
        Err(error) => Err(error),
    }
}
