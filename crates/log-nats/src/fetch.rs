//! Reading stored messages: a direct get of a batch, which any replica answers, and perhaps not the newest one.

use std::time::Duration;

use async_nats::{HeaderMap, Message};
use futures_util::StreamExt;
use loquat_log::{LogError, LogErrorKind};
use loquat_protocol::{PartitionId, Serial};

use crate::{
    envelope::Envelope,
    link::{Failure, Link, Lost, REQUEST_TIMEOUT},
    names,
    wire::Get,
};

/// Most messages asked for at once.
pub(crate) const BATCH_MESSAGES_MAX: usize = 512;
/// Most bytes asked for at once.
pub(crate) const BATCH_BYTES_MAX: usize = 4 << 20;
/// The longest pause within an answer.
const PAUSE_MAX: Duration = REQUEST_TIMEOUT;

/// A message as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stored {
    pub serial: Serial,
    pub envelope: Envelope,
}

impl Stored {
    /// Takes a message apart. A server has put the sequence number and the subject that it was published to, which
    /// names the epoch, into its headers.
    pub(crate) fn from_message(message: Message) -> Result<Self, LogError> {
        let header = |name| message.headers.as_ref().and_then(|headers| last_value(headers, name));
        let seq = header("Nats-Sequence").and_then(|seq| seq.parse().ok());
        let epoch = header("Nats-Subject").and_then(names::epoch_of_subject);
        match (epoch, seq, Envelope::decode(message.payload.clone())) {
            (Some(epoch), Some(seq), Some(envelope)) => {
                Ok(Self { serial: Serial::new(epoch, seq), envelope })
            }
            _ => Err(LogError::new(
                LogErrorKind::Damaged,
                format!("message {seq:?} on {} was not written by this program", message.subject),
            )),
        }
    }

    /// Its sequence number.
    pub(crate) fn seq(&self) -> u64 {
        self.serial.seq
    }
}

/// The last value of a header: publishers may send headers of the same name, servers add theirs after them.
fn last_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(name).last().map(|value| value.as_str())
}

/// The messages of a partition from sequence number `from` on, at most so many, as some replica has them: fewer than
/// there are when it is behind. They are contiguous; the first is later than `from` when that one was purged.
///
/// # Errors
/// [`LogErrorKind::Unavailable`], [`LogErrorKind::Damaged`].
pub(crate) async fn fetch(
    link: &Link,
    partition: PartitionId,
    from: u64,
    count: usize,
    bytes: usize,
) -> Result<Vec<Stored>, LogError> {
    let get = Get {
        seq: Some(from.max(1)),
        batch: Some(count.clamp(1, BATCH_MESSAGES_MAX)),
        max_bytes: Some(bytes.clamp(1, BATCH_BYTES_MAX)),
        ..Get::default()
    };
    let mut messages = messages(link, partition, &get).await?;
    let mut stored = Vec::with_capacity(messages.len());
    for message in messages.drain(..) {
        let next = Stored::from_message(message)?;
        // Nothing is ever deleted within a stream, so a hole is a message that was lost on its way here.
        if stored.last().is_some_and(|last: &Stored| next.seq() != last.seq() + 1) {
            break;
        }
        stored.push(next);
    }
    Ok(stored)
}

/// The sequence number of the first message stored at or after a time, as some replica has it.
pub(crate) async fn seq_at(
    link: &Link,
    partition: PartitionId,
    time: String,
) -> Result<Option<u64>, LogError> {
    let get = Get { start_time: Some(time), batch: Some(1), ..Get::default() };
    let found = messages(link, partition, &get).await?.pop();
    found.map(|message| Stored::from_message(message).map(|stored| stored.seq())).transpose()
}

async fn messages(link: &Link, partition: PartitionId, get: &Get<'_>) -> Result<Vec<Message>, LogError> {
    let subject = format!("$JS.API.DIRECT.GET.{}", names::stream(partition));
    let body = serde_json::to_vec(get).map_err(|error| Failure::Garbled(error.to_string()))?;
    let mut answers = link.request_many(subject, body.into()).await.map_err(Failure::Lost)?;
    let mut messages = Vec::new();
    loop {
        let answer = tokio::time::timeout(PAUSE_MAX, answers.next()).await;
        let Ok(Some(message)) = answer else {
            // What came so far is good; the rest is asked for again.
            let lost = Failure::Lost(Lost::Unanswered("no answer in time"));
            return if messages.is_empty() { Err(lost.into()) } else { Ok(messages) };
        };
        match message.status.map(|status| status.as_u16()) {
            None => messages.push(message),
            // The end of the batch; there is nothing at or after `from`.
            Some(204 | 404) => return Ok(messages),
            Some(503) => return Err(Failure::Lost(Lost::NobodyListens).into()),
            Some(status) => {
                let why = format!("status {status} {}", message.description.unwrap_or_default());
                return Err(Failure::Garbled(why).into());
            }
        }
    }
}
