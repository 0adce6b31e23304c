//! One attempt: publishing a piece and understanding the answer.

use std::time::Duration;

use async_nats::HeaderMap;
use bytes::Bytes;
use loquat_log::{Appended, LogError, LogErrorKind};
use loquat_protocol::Serial;

use super::{Appender, resolve::Open};
use crate::{
    envelope::Envelope,
    link::{Failure, Lost},
    names,
    partition::Clock,
    random,
    wire::{ApiError, PubAck, refusal},
};

/// How long the answer to a publish may take before it is sent again; a duplicate then finds the first.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// What kept an attempt from succeeding.
#[derive(Debug)]
pub(super) enum Setback {
    /// Some of the entries were stored before, so nothing was stored now. Of a single one it is known where.
    Duplicates(Option<u64>),
    /// Worth another attempt.
    Again {
        /// Whether this one may yet be stored.
        maybe_stored: bool,
        why: String,
    },
    /// The servers said no: nothing was stored by this attempt.
    Refused(LogError),
}

impl From<LogError> for Setback {
    /// A failed look at the log, before anything was sent.
    fn from(error: LogError) -> Self {
        match error.kind {
            LogErrorKind::Unavailable => Self::Again { maybe_stored: false, why: error.to_string() },
            _ => Self::Refused(error),
        }
    }
}

impl Appender {
    /// Publishes the open entries of a piece as one atomic batch.
    pub(super) async fn attempt(&self, open: &[Open<'_>], unit: u64) -> Result<Vec<Appended>, Setback> {
        let clock = self.partition.clock().await?;
        let epoch = self.partition.epoch();
        let envelopes = envelopes(open, unit, clock);
        let ack = match self.publish(epoch, open, &envelopes).await {
            Ok(ack) if ack.duplicate => return Err(Setback::Duplicates(Some(ack.seq))),
            Ok(ack) => ack,
            Err(failure) => return Err(self.setback(failure).await),
        };
        let first = (ack.seq + 1).saturating_sub(open.len() as u64);
        // Other nodes' entries may have come in between; they are in the log, so their times are found there.
        let others = self.partition.latest_time(clock.seq + 1, first).await;
        let others = others.map_err(|error| Setback::Again { maybe_stored: true, why: error.to_string() })?;
        let appended: Vec<Appended> = (first..)
            .zip(&envelopes)
            .map(|(seq, envelope)| Appended {
                serial: Serial::new(epoch, seq),
                time_ms: envelope.time_ms.max(others),
                duplicate: false,
            })
            .collect();
        if let Some(last) = appended.last() {
            self.partition.observe(last.serial.seq, last.time_ms);
        }
        Ok(appended)
    }

    async fn publish(
        &self,
        epoch: u16,
        open: &[Open<'_>],
        envelopes: &[Envelope],
    ) -> Result<PubAck, Failure> {
        let subject = names::subject(self.partition.id, epoch);
        let batch = format!("{:016x}{:016x}", random::number(), random::number());
        let last = open.len() - 1;
        for (at, (open, envelope)) in open.iter().zip(envelopes).enumerate() {
            let mut headers = self.headers(&open.id);
            if last > 0 {
                headers.insert("Nats-Batch-Id", batch.as_str());
                headers.insert("Nats-Batch-Sequence", (at + 1).to_string());
            }
            if at < last {
                self.partition
                    .link
                    .publish(subject.clone(), headers, envelope.encode())
                    .await
                    .map_err(Failure::Lost)?;
                continue;
            }
            if last > 0 {
                headers.insert("Nats-Batch-Commit", "1");
            }
            return self.ask(subject, headers, envelope.encode()).await;
        }
        Err(Failure::Garbled("nothing to publish".to_owned()))
    }

    /// The headers that every publish carries.
    pub(super) fn headers(&self, id: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", id);
        headers.insert("Nats-Expected-Stream", names::stream(self.partition.id));
        headers
    }

    /// Publishes one message and waits for the answer.
    pub(super) async fn ask(
        &self,
        subject: String,
        headers: HeaderMap,
        payload: Bytes,
    ) -> Result<PubAck, Failure> {
        let answer = self.partition.link.request(subject, Some(headers), payload, ATTEMPT_TIMEOUT).await;
        let answer = answer.map_err(Failure::Lost)?;
        let ack: PubAck =
            serde_json::from_slice(&answer.payload).map_err(|error| Failure::Garbled(error.to_string()))?;
        match ack.error {
            Some(error) => Err(Failure::Refused(error)),
            None => Ok(ack),
        }
    }

    /// What a failed publish means. Looks for a new epoch when that of the publish may be over.
    pub(super) async fn setback(&self, failure: Failure) -> Setback {
        let why = failure.to_string();
        // No leader, or nobody listens to this epoch's subject any more.
        if failure == Failure::Lost(Lost::NobodyListens)
            && let Err(error) = self.partition.reload_epochs().await
        {
            tracing::debug!(partition = %self.partition.id, %error, "cannot read the epochs");
        }
        match failure {
            Failure::Lost(Lost::Unanswered(_)) | Failure::Garbled(_) => {
                Setback::Again { maybe_stored: true, why }
            }
            Failure::Lost(Lost::NobodyListens) => Setback::Again { maybe_stored: false, why },
            Failure::Lost(Lost::TooLarge) => Setback::Refused(LogError::new(LogErrorKind::TooLarge, why)),
            Failure::Refused(error) => refused(&error, why),
        }
    }
}

fn refused(error: &ApiError, why: String) -> Setback {
    match error.err_code {
        refusal::BATCH_DUPLICATE => Setback::Duplicates(None),
        refusal::STREAM_FULL | refusal::NO_RESOURCES | refusal::STORAGE_LIMIT => {
            Setback::Refused(LogError::new(LogErrorKind::Full, why))
        }
        refusal::MESSAGE_TOO_LARGE => Setback::Refused(LogError::new(LogErrorKind::TooLarge, why)),
        // An incomplete batch, a duplicate that is under way, too many batches, no leader: all pass.
        _ => Setback::Again { maybe_stored: false, why },
    }
}

/// What to store: each with a time that is not before anything known.
fn envelopes(open: &[Open<'_>], unit: u64, clock: Clock) -> Vec<Envelope> {
    let mut time_ms = clock.time_ms;
    let envelope = |(place, open): (usize, &Open<'_>)| {
        time_ms = time_ms.max(open.entry.time_ms);
        let body = open.entry.body.clone();
        Envelope { time_ms, base: clock.seq, place: u16::try_from(place).unwrap_or(u16::MAX), unit, body }
    };
    open.iter().enumerate().map(envelope).collect()
}
