//! Copying the write-ahead log into the database while commits go on.
//!
//! A copy that runs beside the writer never reaches the end, because the writer moves it; and only a log that is copied
//! to its end can be begun again at the front. So a thread copies the bulk, and then the writer copies what was added
//! meanwhile, which is little.

use std::{
    path::Path,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use rusqlite::{Connection, DEFAULT_NAME, ffi, wal::CheckpointMode};

use crate::{
    error::Failure,
    queue::{Control, Queue},
    schema,
};

/// The thread that copies, and its connection.
pub(crate) struct Copier {
    /// None once ended.
    requests: Option<mpsc::SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Copier {
    /// Starts the thread; each copy's outcome comes as a [`Control::Copied`].
    pub(crate) fn start(file: &Path, queue: Arc<Queue>) -> rusqlite::Result<Self> {
        let connection = schema::open_copier(file)?;
        let (requests, asked) = mpsc::sync_channel(1);
        let work = move || {
            for () in asked {
                queue.push_control(Control::Copied(copy(&connection).map(|_| ())));
            }
        };
        let thread = std::thread::Builder::new().name("log-copier".into()).spawn(work);
        let thread = thread.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(Self { requests: Some(requests), thread: Some(thread) })
    }

    /// Asks for one copy.
    pub(crate) fn ask(&self) {
        if let Some(requests) = &self.requests {
            // One that is asked for already will do.
            let _ = requests.try_send(());
        }
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        self.requests = None;
        // It can't panic: it only copies and reports.
        self.thread.take().map(JoinHandle::join);
    }
}

/// Copies what can be copied without waiting for anybody. True when that was everything.
pub(crate) fn copy(connection: &Connection) -> Result<bool, Failure> {
    match connection.wal_checkpoint_v2(DEFAULT_NAME, CheckpointMode::PASSIVE) {
        // When a reader still needs older pages it ends early.
        Ok((frames, copied)) => Ok(frames == copied),
        // Somebody else copies.
        Err(error)
            if error.sqlite_error().is_some_and(|error| error.extended_code & 0xff == ffi::SQLITE_BUSY) =>
        {
            Ok(false)
        }
        Err(error) => Err(Failure::from(error)),
    }
}
