//! Duplicates: which entries of a piece were stored before, where and when.
//!
//! JetStream refuses an atomic batch that holds a known message id, without saying which. Where a stream is replicated,
//! its leader looks at the id of a publish before it looks at the sequence number that the publisher expects; so a
//! publish that expects an impossible one stores nothing and tells whether the id is known, and where it stands. That
//! order is not promised, and an unreplicated stream has another; so when nothing is found in this way, the entries are
//! published one by one, each of which is answered with its place.

use futures_util::{StreamExt, TryStreamExt, stream};
use loquat_log::{Appended, NewEntry};

use super::{Appender, send::Setback};
use crate::{link::Failure, names, wire::refusal};

/// Questions that are under way at the same time.
const AT_ONCE: usize = 64;
/// A sequence number that no stream reaches.
const IMPOSSIBLE_SEQ: &str = "4611686018427387904";

/// An entry that is yet to be stored.
pub(super) struct Open<'a> {
    /// Where it stands in its piece.
    place: usize,
    pub entry: &'a NewEntry,
    /// The message id.
    pub id: String,
}

impl<'a> Open<'a> {
    fn new((place, entry): (usize, &'a NewEntry)) -> Self {
        Self { place, entry, id: format!("{:032x}", u128::from_be_bytes(entry.key.0)) }
    }

    /// The key was stored at `seq`, but too long ago. The servers remember longer than the window, or by slower
    /// clocks than entry times go by. Whoever appends this key again derives the same new id, so one stores it.
    fn renew(&mut self, seq: u64) {
        self.id = format!("{}.{seq}", &self.id[..32]);
    }
}

/// The entries of a piece, some of them settled.
pub(super) struct Pieces<'a> {
    /// Those that are not settled, in their order.
    pub open: Vec<Open<'a>>,
    /// The outcomes by place.
    pub settled: Vec<Option<Appended>>,
    /// Whether they are stored one by one.
    singly: bool,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(piece: &'a [NewEntry]) -> Self {
        let open = piece.iter().enumerate().map(Open::new).collect();
        Self { open, settled: vec![None; piece.len()], singly: piece.len() == 1 }
    }

    /// What to publish next.
    pub(super) fn next(&self) -> &[Open<'a>] {
        if self.singly { &self.open[..1] } else { &self.open }
    }

    /// The first open entries were stored.
    pub(super) fn settle(&mut self, appended: Vec<Appended>) {
        for (open, appended) in self.open.drain(..appended.len()).zip(appended) {
            self.settled[open.place] = Some(appended);
        }
    }

    /// Of the first open entries it is known where they were stored, and which outcome that means, if any.
    fn apply(&mut self, known: Vec<Option<u64>>, firsts: Vec<Option<Appended>>) {
        let mut known = known.into_iter().zip(firsts);
        let settled = &mut self.settled;
        self.open.retain_mut(|open| match known.next() {
            Some((_, Some(first))) => {
                settled[open.place] = Some(first);
                false
            }
            Some((Some(seq), None)) => {
                open.renew(seq);
                true
            }
            Some((None, None)) | None => true,
        });
    }
}

impl Appender {
    /// Settles the entries that were stored before. `at` is where the first open one stands, if that was told.
    ///
    /// # Errors
    /// When it can't be found out now.
    pub(super) async fn resolve(
        &self,
        pieces: &mut Pieces<'_>,
        at: Option<u64>,
        unit: u64,
    ) -> Result<(), Setback> {
        let known = match at {
            Some(seq) => vec![Some(seq)],
            None if self.options.replicas == 1 => Vec::new(),
            None => self.stored_at(&pieces.open).await?,
        };
        if known.iter().all(Option::is_none) {
            pieces.singly = true;
            return Ok(());
        }
        let mut time_ms = self.partition.clock().await?.time_ms;
        let mut firsts = Vec::with_capacity(known.len());
        for (open, &seq) in pieces.open.iter().zip(&known) {
            time_ms = time_ms.max(open.entry.time_ms);
            firsts.push(match seq {
                Some(seq) => self.first_at(seq, time_ms, unit).await?,
                None => None,
            });
        }
        pieces.apply(known, firsts);
        Ok(())
    }

    /// Where the entries were stored, as far as the servers know their ids.
    async fn stored_at(&self, open: &[Open<'_>]) -> Result<Vec<Option<u64>>, Setback> {
        let questions: Vec<_> = open.iter().map(|open| self.ask_where(&open.id)).collect();
        stream::iter(questions).buffered(AT_ONCE).try_collect().await
    }

    async fn ask_where(&self, id: &str) -> Result<Option<u64>, Setback> {
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
