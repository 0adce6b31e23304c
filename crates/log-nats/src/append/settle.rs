//! Sending a piece until its fate is known, or its time is over.

use std::time::Duration;

use loquat_log::{Appended, LogError, LogErrorKind, NewEntry};
use tokio::time::Instant;

use super::{Appender, resolve::Pieces, send::Setback};
use crate::random;

const PAUSE_MIN: Duration = Duration::from_millis(25);
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// The attempts at one piece.
struct Trial {
    deadline: Instant,
    pause: Duration,
    /// Whether some attempt may have been stored without our hearing of it.
    maybe_stored: bool,
}

impl Trial {
    /// Waits before the next attempt.
    ///
    /// # Errors
    /// When the time is over: [`LogErrorKind::Unavailable`] when nothing can have been stored, else
    /// [`LogErrorKind::Unknown`].
    async fn again(&mut self, why: &str) -> Result<(), LogError> {
        let pause = random::jittered(self.pause);
        if Instant::now() + pause >= self.deadline {
            let kind = if self.maybe_stored { LogErrorKind::Unknown } else { LogErrorKind::Unavailable };
            return Err(LogError::new(kind, format!("gave up an append: {why}")));
        }
        self.pause = (self.pause * 2).min(PAUSE_MAX);
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

impl Appender {
    /// Stores a piece atomically, but for entries that are duplicates; in the piece's order.
    pub(super) async fn settle_piece(&self, piece: &[NewEntry]) -> Result<Vec<Appended>, LogError> {
        let unit = random::number();
        let mut pieces = Pieces::new(piece);
        let mut trial = Trial { deadline: self.deadline(), pause: PAUSE_MIN, maybe_stored: false };
        while !pieces.open.is_empty() {
            let setback = match self.attempt(pieces.next(), unit).await {
                Ok(appended) => {
                    pieces.settle(appended);
                    // From here on the piece is no longer stored or refused as a whole.
                    trial.maybe_stored = true;
                    continue;
                }
                Err(Setback::Duplicates(at)) => match self.resolve(&mut pieces, at, unit).await {
                    Ok(()) => continue,
                    Err(setback) => setback,
                },
                Err(setback) => setback,
            };
            match setback {
                Setback::Refused(error) if !trial.maybe_stored => return Err(error),
                Setback::Refused(error) => return Err(LogError { kind: LogErrorKind::Unknown, ..error }),
                Setback::Again { maybe_stored, why } => {
                    trial.maybe_stored |= maybe_stored;
                    tracing::debug!(partition = %self.partition.id, why, "an append is sent again");
                    trial.again(&why).await?;
                }
                Setback::Duplicates(_) => trial.again("a duplicate is being stored by another node").await?,
            }
        }
        Ok(pieces.settled.into_iter().flatten().collect())
    }

    /// When to give up. After closing, all that waits shares one deadline.
    fn deadline(&self) -> Instant {
        let started = Instant::now() + self.options.append_deadline;
        self.queue.closed_at().map_or(started, |closed| started.min(closed + self.options.append_deadline))
    }
}
