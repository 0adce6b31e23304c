//! Sending a piece until its fate is known, or its time is over.

use std::time::Duration;

use loquat_log::{Appended, LogError, LogErrorKind, NewEntry};
use tokio::time::Instant;

use super::{Appender, resolve::Open, send::Setback};
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
        let mut settled: Vec<Option<Appended>> = vec![None; piece.len()];
        let mut open: Vec<Open<'_>> = piece.iter().enumerate().map(Open::new).collect();
        let mut trial = Trial { deadline: self.deadline(), pause: PAUSE_MIN, maybe_stored: false };
        loop {
            let setback = match self.attempt(&open, unit).await {
                Ok(appended) => {
                    open.iter()
                        .zip(appended)
                        .for_each(|(open, appended)| settled[open.place] = Some(appended));
                    return Ok(settled.into_iter().flatten().collect());
                }
                // Which of them were stored before, and when?
                Err(Setback::Duplicates) => match self.resolve(&mut open, &mut settled, unit).await {
                    Ok(()) if open.is_empty() => return Ok(settled.into_iter().flatten().collect()),
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
                Setback::Duplicates => trial.again("a duplicate is being stored by another node").await?,
            }
        }
    }

    /// When to give up. After closing, all that waits shares one deadline.
    fn deadline(&self) -> Instant {
        let started = Instant::now() + self.options.append_deadline;
        self.queue.closed_at().map_or(started, |closed| started.min(closed + self.options.append_deadline))
    }
}
