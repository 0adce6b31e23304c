//! What the leader of a partition's stream says: its head; and what is changed there: truncation and epochs.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use loquat_log::{EpochStart, Head, LogError};
use loquat_protocol::Serial;
use serde::de::IgnoredAny;

use super::Partition;
use crate::{
    Options,
    fetch::seq_at,
    link::Failure,
    names,
    setup::{
        control::{self, Floor},
        partition_config,
    },
    wire::{Purge, StreamInfo, StreamState, refusal},
};

/// How long a stream must stand still after its subject was taken away.
const SETTLED_AFTER: Duration = Duration::from_millis(200);

impl Partition {
    async fn info(&self) -> Result<StreamInfo, Failure> {
        let api = format!("$JS.API.STREAM.INFO.{}", names::stream(self.id));
        self.link.api(api, &serde_json::json!({})).await
    }

    /// What the stream holds, as its leader has it.
    pub(super) async fn state(&self) -> Result<StreamState, LogError> {
        Ok(self.info().await?.state)
    }

    /// The last sequence number given out, as the leader has it, or as this process knows better.
    pub(crate) async fn last_seq(&self) -> Result<u64, LogError> {
        let last_seq = self.state().await?.last_seq;
        self.saw(last_seq);
        Ok(self.newest())
    }

    /// Reads the floor again, as another node may have raised it.
    pub(super) async fn reload_floor(&self) -> Result<Floor, LogError> {
        let floor = control::floor(&self.link, self.id).await?;
        let mut known = self.floor.lock();
        if floor.seq > known.seq {
            *known = floor;
        }
        Ok(*known)
    }

    /// See [`loquat_log::Log::head`].
    pub(crate) async fn head(&self) -> Result<Head, LogError> {
        let last_seq = self.last_seq().await?;
        let floor = self.reload_floor().await?;
        let (time_ms, epoch) = self.time_at(last_seq).await?;
        self.observe(last_seq, time_ms);
        Ok(Head {
            // The newest entry's own epoch, or the current one when there is none.
            serial: Serial::new(epoch.unwrap_or(self.epoch()), last_seq),
            time_ms,
            first_seq: floor.seq,
            epochs: self.epochs(),
        })
    }

    /// See [`loquat_log::Log::truncate`]. Entries are out of sight at once; their room is given back when the
    /// servers have forgotten their message ids, since a duplicate is answered with the first's time.
    pub(crate) async fn truncate(&self, below: u64, remembered: Duration) -> Result<(), LogError> {
        let below = below.min(self.last_seq().await? + 1);
        if below > self.reload_floor().await?.seq {
            let (time_ms, _) = self.time_at(below - 1).await?;
            let floor = control::raise_floor(&self.link, self.id, Floor { seq: below, time_ms }).await?;
            *self.floor.lock() = floor;
        }
        let floor = self.floor.lock().seq;
        self.purge(floor, remembered).await
    }

    async fn purge(&self, floor: u64, remembered: Duration) -> Result<(), LogError> {
        let since = SystemTime::now() - remembered;
        // None: everything is older than that.
        let remembered_from = seq_at(&self.link, self.id, rfc3339(since)).await?.unwrap_or(floor);
        let seq = remembered_from.min(floor);
        if self.state().await?.first_seq < seq {
            let api = format!("$JS.API.STREAM.PURGE.{}", names::stream(self.id));
            self.link.api::<IgnoredAny>(api, &Purge { seq }).await?;
        }
        Ok(())
    }

    /// Ends the current epoch and begins the next one behind its last entry, in the same stream: the servers stop
    /// listening to the old epoch's subject, so that a node that has not heard of the new one stores nothing. May be
    /// called again after a failure at any point.
    pub(crate) async fn raise_epoch(&self, options: &Options) -> Result<u16, LogError> {
        let epoch = self.reload_epochs().await? + 1;
        let mut config = self.info().await?.config;
        let wanted = partition_config(options, self.id, epoch);
        (config.subjects, config.republish) = (wanted.subjects, wanted.republish);
        let api = format!("$JS.API.STREAM.UPDATE.{}", config.name);
        self.link.api::<StreamInfo>(api, &config).await?;
        let first_seq = self.settled_last_seq().await? + 1;
        control::add_epoch(&self.link, self.id, EpochStart { epoch, first_seq }).await?;
        self.reload_epochs().await
    }

    /// Goes on with an epoch that was begun and not finished: its subject is listened to, but it is not recorded.
    pub(crate) async fn finish_epoch(&self, options: &Options) -> Result<(), LogError> {
        let next = partition_config(options, self.id, self.epoch() + 1);
        match self.info().await {
            Ok(info) if info.config.subjects == next.subjects => self.raise_epoch(options).await.map(|_| ()),
            Err(failure) if failure.err_code() != refusal::NO_STREAM => Err(failure.into()),
            _ => Ok(()),
        }
    }

    /// The last sequence number, once what was under way to the leader has been stored.
    async fn settled_last_seq(&self) -> Result<u64, LogError> {
        let mut last_seq = self.last_seq().await?;
        loop {
            tokio::time::sleep(SETTLED_AFTER).await;
            let now = self.last_seq().await?;
            if now == last_seq {
                return Ok(now);
            }
            last_seq = now;
        }
    }
}

/// A time as JetStream reads it.
fn rfc3339(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days as i64);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
}

/// The date of a day since 1970, counted in eras of 400 years that begin on 1 March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_servers_read_them() {
        let at = |ms| rfc3339(UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_782_400_007), "2000-02-29T00:00:00.007Z");
        assert_eq!(at(1_795_341_234_999), "2026-11-22T09:53:54.999Z");
        assert_eq!(at(4_107_542_399_000), "2100-02-28T23:59:59.000Z");
    }
}
