//! The control bucket: how many partitions there are, their epochs, their floors.

use async_nats::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use loquat_log::EpochStart;
use loquat_protocol::PartitionId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    link::{Failure, Link, REQUEST_TIMEOUT},
    names,
    wire::{Get, GetAnswer, PubAck, refusal},
};

/// What concerns the log as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct LogRecord {
    /// Of the layout of names, records and envelopes.
    pub version: u32,
    pub partitions: u16,
}

/// The layout that this release reads and writes.
pub(crate) const LAYOUT_VERSION: u32 = 1;

/// An epoch, as kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct EpochRecord {
    epoch: u16,
    first_seq: u64,
}

/// Up to where a partition was truncated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Floor {
    /// The oldest entry that is still there.
    pub seq: u64,
    /// The time of the entry before it, which may be gone, in milliseconds since 1970.
    pub time_ms: u64,
}

impl Default for Floor {
    fn default() -> Self {
        Self { seq: 1, time_ms: 0 }
    }
}

/// The value of a key with its revision, as the bucket's leader has it.
async fn get<T: DeserializeOwned>(link: &Link, key: &str) -> Result<Option<(T, u64)>, Failure> {
    let subject = names::control(key);
    let request = Get { last_by_subj: Some(&subject), ..Get::default() };
    let api = format!("$JS.API.STREAM.MSG.GET.{}", names::CONTROL_STREAM);
    let answer = match link.api::<GetAnswer>(api, &request).await {
        Err(failure) if failure.err_code() == refusal::NO_MESSAGE => return Ok(None),
        answer => answer?.message,
    };
    let bytes = STANDARD.decode(&answer.data).map_err(|error| Failure::Garbled(error.to_string()))?;
    let value = serde_json::from_slice(&bytes).map_err(|error| Failure::Garbled(error.to_string()))?;
    Ok(Some((value, answer.seq)))
}

/// Sets a key whose revision is `revision`, 0 for none. Gives whether it still was.
async fn put<T: Serialize>(link: &Link, key: &str, value: &T, revision: u64) -> Result<bool, Failure> {
    let body = serde_json::to_vec(value).map_err(|error| Failure::Garbled(error.to_string()))?;
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Expected-Last-Subject-Sequence", revision.to_string());
    let subject = names::control(key);
    let answer = link.request(subject, Some(headers), body.into(), REQUEST_TIMEOUT).await;
    let answer = answer.map_err(Failure::Lost)?;
    let ack: PubAck =
        serde_json::from_slice(&answer.payload).map_err(|error| Failure::Garbled(error.to_string()))?;
    match ack.error {
        None => Ok(true),
        Some(error) if error.err_code == refusal::WRONG_LAST => Ok(false),
        Some(error) => Err(Failure::Refused(error)),
    }
}

/// The record of the log, made from `new` if there is none.
pub(crate) async fn log_record(link: &Link, new: LogRecord) -> Result<LogRecord, Failure> {
    loop {
        if let Some((found, _)) = get(link, "log").await? {
            return Ok(found);
        }
        put(link, "log", &new, 0).await?;
    }
}

/// The epochs of a partition, oldest first.
pub(crate) async fn epochs(link: &Link, partition: PartitionId) -> Result<Vec<EpochStart>, Failure> {
    let found: Option<(Vec<EpochRecord>, u64)> = get(link, &names::topology_key(partition)).await?;
    Ok(found.map_or_else(
        || vec![EpochStart { epoch: 1, first_seq: 1 }],
        |(records, _)| {
            let start = |record: EpochRecord| EpochStart { epoch: record.epoch, first_seq: record.first_seq };
            records.into_iter().map(start).collect()
        },
    ))
}

/// Adds an epoch to a partition. Gives whether the epochs were still those that it follows.
pub(crate) async fn add_epoch(link: &Link, partition: PartitionId, new: EpochStart) -> Result<bool, Failure> {
    let key = names::topology_key(partition);
    let found: Option<(Vec<EpochRecord>, u64)> = get(link, &key).await?;
    let (mut records, revision) = found.unwrap_or((vec![EpochRecord { epoch: 1, first_seq: 1 }], 0));
    if records.last().is_none_or(|last| last.epoch.checked_add(1) != Some(new.epoch)) {
        return Ok(false);
    }
    records.push(EpochRecord { epoch: new.epoch, first_seq: new.first_seq });
    put(link, &key, &records, revision).await
}

/// Up to where a partition was truncated.
pub(crate) async fn floor(link: &Link, partition: PartitionId) -> Result<Floor, Failure> {
    Ok(get(link, &names::floor_key(partition)).await?.map_or_else(Floor::default, |(floor, _)| floor))
}

/// Raises the floor of a partition; a floor never sinks. Gives the floor that holds then.
pub(crate) async fn raise_floor(link: &Link, partition: PartitionId, new: Floor) -> Result<Floor, Failure> {
    let key = names::floor_key(partition);
    loop {
        let found: Option<(Floor, u64)> = get(link, &key).await?;
        let (current, revision) = found.unwrap_or((Floor::default(), 0));
        if current.seq >= new.seq {
            return Ok(current);
        }
        if put(link, &key, &new, revision).await? {
            return Ok(new);
        }
    }
}
