//! Keeping the log whole while it is copied.
//!
//! A backup copies the store, then the log. Were the log truncated in between, up to what the store holds *by then*,
//! the copies would have a gap between them. So whoever copies or compares the two holds the file `hold` in the data
//! directory (shared, as several may), and the server, which takes it for itself for each truncation, lets truncations
//! pass meanwhile; the next round makes up for it. A process that is killed lets go of the file.

use std::{
    fs::{File, TryLockError},
    path::Path,
    sync::Arc,
};

use loquat_log::{AppendDone, Entry, FeedSink, Guarantees, Head, Log, LogError, NewEntry, ReadLimit};
use loquat_protocol::PartitionId;

use crate::error::CommandError;

const FILE: &str = "hold";

/// While this lives, no server truncates the log of a data directory.
#[derive(Debug)]
pub struct Hold {
    _file: File,
}

impl Hold {
    /// Takes hold; waits for a truncation that is under way.
    ///
    /// # Errors
    /// In words that name the file.
    pub fn take(data_dir: &Path) -> Result<Self, CommandError> {
        let file = open(data_dir)?;
        file.lock_shared().map_err(CommandError::about(data_dir.join(FILE).display()))?;
        Ok(Self { _file: file })
    }
}

fn open(data_dir: &Path) -> Result<File, CommandError> {
    let path = data_dir.join(FILE);
    // Never truncated, as it has no content; opened for writing, as some file systems lock only what is.
    let file = File::options().write(true).create(true).truncate(false).open(&path);
    file.map_err(CommandError::about(path.display()))
}

/// A log that is not truncated while somebody has a [`Hold`].
pub struct HoldableLog<L> {
    log: L,
    hold: File,
}

impl<L: Log> HoldableLog<L> {
    /// The log of a data directory.
    ///
    /// # Errors
    /// When the file to be held cannot be made.
    pub fn new(log: L, data_dir: &Path) -> Result<Self, CommandError> {
        Ok(Self { log, hold: open(data_dir)? })
    }
}

impl<L: Log> Log for HoldableLog<L> {
    fn guarantees(&self) -> Guarantees {
        self.log.guarantees()
    }

    fn partitions(&self) -> u16 {
        self.log.partitions()
    }

    fn append(&self, partition: PartitionId, batch: Vec<NewEntry>, done: AppendDone) {
        self.log.append(partition, batch, done);
    }

    fn append_many(&self, batches: Vec<(PartitionId, Vec<NewEntry>, AppendDone)>) {
        self.log.append_many(batches);
    }

    fn read(&self, partition: PartitionId, from: u64, limit: ReadLimit) -> Result<Vec<Entry>, LogError> {
        self.log.read(partition, from, limit)
    }

    fn head(&self, partition: PartitionId) -> Result<Head, LogError> {
        self.log.head(partition)
    }

    fn follow(&self, partition: PartitionId, after: u64, sink: Arc<dyn FeedSink>) -> Result<(), LogError> {
        self.log.follow(partition, after, sink)
    }

    fn truncate(&self, partition: PartitionId, below: u64) -> Result<(), LogError> {
        match self.hold.try_lock() {
            Ok(()) => {
                let truncated = self.log.truncate(partition, below);
                if let Err(error) = self.hold.unlock() {
                    tracing::warn!(%error, "the file {FILE} stays locked: backups wait until this process ends");
                }
                truncated
            }
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, "the file {FILE} cannot be locked: the log is not truncated");
                Ok(())
            }
        }
    }

    fn close(&self) {
        self.log.close();
    }
}

#[cfg(test)]
mod tests {
    use loquat_log::{
        Appended, NewEntry,
        memory::{MemoryLog, MemoryOptions},
    };

    use super::*;

    fn append(log: &impl Log) {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let key = loquat_log::DedupeKey([7; 16]);
        let entry = NewEntry { key, time_ms: 1, body: b"body".as_slice().into() };
        let done = move |outcome: Result<Vec<Appended>, LogError>| tell.send(outcome.map(drop)).unwrap();
        log.append(PartitionId(0), vec![entry], Box::new(done));
        told.recv().unwrap().unwrap();
    }

    #[test]
    fn a_held_log_keeps_its_entries_until_all_have_let_go() {
        let dir = tempfile::tempdir().unwrap();
        let log = HoldableLog::new(MemoryLog::new(MemoryOptions::default()), dir.path()).unwrap();
        append(&log);
        let holds = [Hold::take(dir.path()).unwrap(), Hold::take(dir.path()).unwrap()];
        for hold in holds {
            log.truncate(PartitionId(0), 2).expect("putting it off is no failure");
            assert_eq!(log.head(PartitionId(0)).unwrap().first_seq, 1);
            drop(hold);
        }
        log.truncate(PartitionId(0), 2).unwrap();
        assert_eq!(log.head(PartitionId(0)).unwrap().first_seq, 2);
    }
}
