//! Appending: one task per partition takes queued batches, publishes them as one atomic unit and reports.
//!
//! One unit of a partition is under way at a time. Were there two, the first could fail and be sent again after the
//! second was stored, and one thread's entries would change places.

mod queue;
mod resolve;
mod send;
mod settle;

use std::sync::Arc;

use loquat_log::{Appended, LogError, LogErrorKind, NewEntry};

pub(crate) use self::queue::{Batch, Counted, Done, Queue};
use crate::{Options, partition::Partition};

/// Most messages that JetStream takes as one atomic batch.
pub(crate) const UNIT_ENTRIES_MAX: usize = 1000;
/// Bound of the bodies of one atomic batch; the servers keep it in memory until it is complete.
pub(crate) const UNIT_BYTES_MAX: usize = 4 << 20;

/// Takes the batches of one partition's queue until that is closed and empty.
pub(crate) struct Appender {
    pub partition: Arc<Partition>,
    pub options: Arc<Options>,
    pub queue: Arc<Queue>,
}

impl Appender {
    pub(crate) async fn run(self) {
        while let Some(mut batches) = self.queue.next_unit().await {
            let counts: Vec<usize> = batches.iter().map(|batch| batch.entries.len()).collect();
            let entries: Vec<NewEntry> =
                batches.iter_mut().flat_map(|batch| batch.entries.drain(..)).collect();
            let mut outcome = self.settle(&entries).await.map(Vec::into_iter);
            for (batch, count) in batches.into_iter().zip(counts) {
                let appended = outcome.as_mut().map(|all| all.by_ref().take(count).collect());
                batch.done.tell(appended.map_err(|error| error.clone()));
            }
        }
    }

    /// Stores entries in pieces that JetStream takes as a whole: most often there is only one.
    async fn settle(&self, mut entries: &[NewEntry]) -> Result<Vec<Appended>, LogError> {
        let mut appended: Vec<Appended> = Vec::with_capacity(entries.len());
        while !entries.is_empty() {
            let (piece, rest) = entries.split_at(piece_of(entries));
            match self.settle_piece(piece).await {
                Ok(more) => appended.extend(more),
                Err(error) if appended.is_empty() => return Err(error),
                Err(error) => {
                    let why = format!("{} of a batch were stored, then: {error}", appended.len());
                    return Err(LogError::new(LogErrorKind::Unknown, why));
                }
            }
            entries = rest;
        }
        Ok(appended)
    }
}

/// How many entries from the front make one atomic batch: no more than the servers take, and no key twice.
fn piece_of(entries: &[NewEntry]) -> usize {
    let mut keys = std::collections::HashSet::new();
    let mut bytes = 0;
    let fits = |(at, entry): &(usize, &NewEntry)| {
        bytes += entry.body.len();
        *at == 0 || (*at < UNIT_ENTRIES_MAX && bytes <= UNIT_BYTES_MAX)
    };
    entries.iter().enumerate().take_while(fits).take_while(|(_, entry)| keys.insert(entry.key)).count()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use loquat_log::DedupeKey;

    use super::*;

    fn entry(key: u16, bytes: usize) -> NewEntry {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&key.to_be_bytes());
        NewEntry { key: DedupeKey(id), time_ms: 0, body: Bytes::from(vec![0; bytes]) }
    }

    #[test]
    fn a_piece_is_what_the_servers_take_at_once() {
        let many: Vec<_> = (0..1500).map(|key| entry(key, 1)).collect();
        assert_eq!(piece_of(&many), 1000);
        let twice = [entry(1, 1), entry(2, 1), entry(1, 1)];
        assert_eq!(piece_of(&twice), 2);
        let large = [entry(1, UNIT_BYTES_MAX + 1), entry(2, 1)];
        assert_eq!(piece_of(&large), 1);
        assert_eq!(piece_of(&[entry(1, UNIT_BYTES_MAX / 2), entry(2, UNIT_BYTES_MAX / 2), entry(3, 1)]), 2);
    }
}
