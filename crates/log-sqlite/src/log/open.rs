//! How a log opens: what the file holds, then the threads that read it and write to it.

use std::{io, sync::Arc, thread};

use parking_lot::Mutex;

use super::SqliteLog;
use crate::{
    copier::Copier,
    error::OpenError,
    feed::Feed,
    header,
    options::Options,
    queue::Queue,
    reader::Readers,
    recover, schema,
    space::Space,
    state::State,
    wal::{self, Wal},
    writer::{self, Counters, Parts},
};

impl SqliteLog {
    /// Opens the log, or makes it. Two processes must not open one log: the caller holds a lock on the directory.
    ///
    /// # Errors
    /// [`OpenError`]; the message names the file and what to do.
    pub fn open(options: Options) -> Result<Self, OpenError> {
        let file = options.path.clone();
        let sqlite = |error: rusqlite::Error| OpenError::sqlite(&file, &error);
        let storage = |error: io::Error| OpenError::storage(&file, error);
        if header::is_foreign(&file).map_err(storage)? {
            return Err(OpenError::NotALog { file });
        }
        let (mut connection, meta) = schema::open(&options)?;
        let partitions = recover::partitions(&connection, &file, options.partitions)?;
        let window = recover::window(&connection, &file, options.window, &partitions)?;
        wal::preallocate(&file, options.wal_bytes).map_err(storage)?;
        let space = Space::of(&file, options.wal_bytes).map_err(storage)?;

        let queue = Arc::new(Queue::new(options.queue_bytes_max));
        let copier = Copier::start(&file, Arc::clone(&queue)).map_err(sqlite)?;
        let wal = Wal::attach(&mut connection, copier, options.wal_bytes).map_err(sqlite)?;
        let state = Arc::new(State::new(partitions));
        let readers = Arc::new(Readers::new(file.clone(), options.readers_max));
        let feed = Feed::start(Arc::clone(&state), Arc::clone(&readers)).map_err(storage)?;
        let counters = Arc::new(Counters::default());
        let (entry_bytes_max, queue_bytes_max) = (options.entry_bytes_max, options.queue_bytes_max);
        let parts = Parts {
            options,
            queue: Arc::clone(&queue),
            state: Arc::clone(&state),
            counters: Arc::clone(&counters),
            window,
            wal,
            space,
        };
        let writer = thread::Builder::new()
            .name("log-writer".into())
            .spawn(move || writer::run(connection, parts))
            .map_err(storage)?;
        Ok(Self {
            file,
            entry_bytes_max,
            queue_bytes_max,
            instance: meta.instance,
            queue,
            state,
            readers,
            feed,
            counters,
            writer: Mutex::new(Some(writer)),
        })
    }
}
