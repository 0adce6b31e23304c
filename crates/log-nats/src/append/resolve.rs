//! Duplicates: which entries of a piece were stored before, where and when.
//!
//! JetStream refuses an atomic batch that holds a known message id, without saying which. It looks at the id of a
//! single publish before it looks at the sequence number that the publisher expects; so a publish that expects an
//! impossible one stores nothing and tells whether the id is known, and where it stands.

use futures_util::{StreamExt, TryStreamExt, stream};
use loquat_log::{Appended, NewEntry};

use super::{Appender, send::Setback};
use crate::{link::Failure, names, wire::refusal};

/// Questions that are under way at the same time.
const AT_ONCE: usize = 64;
/// A sequence number that no stream reaches.
const IMPOSSIBLE_SEQ: &str = "4611686018427387904";

/// An entry of a piece that is yet to be stored.
pub(super) struct Open<'a> {
    /// Where it stands in its piece.
    pub place: usize,
    pub entry: &'a NewEntry,
    /// The message id.
    pub id: String,
}

impl<'a> Open<'a> {
    pub(super) fn new((place, entry): (usize, &'a NewEntry)) -> Self {
        let id = format!("{:032x}", u128::from_be_bytes(entry.key.0));
        Self { place, entry, id }
    }
}

impl Appender {
    /// Moves the entries that were stored before from `open` to `settled`.
    ///
    /// # Errors
    /// [`Setback::Duplicates`] when none is found: another node is about to store one.
    pub(super) async fn resolve(
        &self,
        open: &mut Vec<Open<'_>>,
        settled: &mut [Option<Appended>],
        unit: u64,
    ) -> Result<(), Setback> {
        let mut time_ms = self.partition.clock().await?.time_ms;
        // Collected first: a stream that borrows from `open` must end before that changes.
        let questions: Vec<_> = open.iter().map(|open| self.stored_at(&open.id)).collect();
        let known: Vec<Option<u64>> = stream::iter(questions).buffered(AT_ONCE).try_collect().await?;
        if known.iter().all(Option::is_none) {
            return Err(Setback::Duplicates);
        }
        let mut still_open = Vec::with_capacity(open.len());
        for (mut open, seq) in open.drain(..).zip(known) {
            time_ms = time_ms.max(open.entry.time_ms);
            let Some(seq) = seq else {
                still_open.push(open);
                continue;
            };
            match self.first_at(seq, time_ms, unit).await? {
                Some(first) => settled[open.place] = Some(first),
                None => {
                    // The servers remember longer, or their clocks run slower, than the window in entry time. All
                    // that append this key again derive the same new id, so that one of them stores it.
                    open.id = format!("{}.{seq}", &open.id[..32]);
                    still_open.push(open);
                }
            }
        }
        *open = still_open;
        Ok(())
    }

    /// Where a message id was stored, if the servers remember it.
    async fn stored_at(&self, id: &str) -> Result<Option<u64>, Setback> {
        let mut headers = self.headers(id);
        headers.insert("Nats-Expected-Last-Sequence", IMPOSSIBLE_SEQ);
        let subject = names::subject(self.partition.id, self.partition.epoch());
        match self.ask(subject, headers, bytes::Bytes::new()).await {
            Ok(ack) if ack.duplicate => Ok(Some(ack.seq)),
            Ok(_) => Err(self.setback(Failure::Garbled("an impossible publish was stored".to_owned())).await),
            Err(failure) if failure.err_code() == refusal::WRONG_LAST => Ok(None),
            Err(failure) => Err(match self.setback(failure).await {
                // A question leaves nothing behind.
                Setback::Again { why, .. } => Setback::Again { maybe_stored: false, why },
                other => other,
            }),
        }
    }

    /// The entry at `seq` as the outcome of an append at `time_ms`, or `None` when it is out of the window. What an
    /// earlier attempt at the same append has stored is no duplicate.
    async fn first_at(&self, seq: u64, time_ms: u64, unit: u64) -> Result<Option<Appended>, Setback> {
        let Some((first, first_unit)) = self.partition.entry_at(seq).await? else { return Ok(None) };
        let own = first_unit == unit;
        let expired = time_ms.saturating_sub(first.time_ms) > self.options.window_ms();
        let appended = Appended { serial: first.serial, time_ms: first.time_ms, duplicate: !own };
        Ok((own || !expired).then_some(appended))
    }
}
