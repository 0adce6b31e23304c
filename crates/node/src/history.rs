//! A channel's past: the projection and the ring (or the log, where the ring is too short) read as one.

use std::sync::Arc;

use loquat_core::feed::FeedEntry;
use loquat_log::ReadLimit;
use loquat_protocol::{ErrorCode, ErrorInfo, PartitionId, entry::EntryKind};
use loquat_store::{Direction, HistoryQuery, Retention, StoreError};

use crate::Node;

/// Entries read from the ring or the log at a time.
const CHUNK: usize = 1_024;

/// Part of a channel's past.
#[derive(Debug)]
pub struct Past {
    /// The entries, in the order that was asked for.
    pub entries: Vec<Arc<FeedEntry>>,
    /// The channel's entries up to this sequence number may have been removed by retention.
    pub pruned_seq: u64,
}

fn store_error(error: &StoreError) -> ErrorInfo {
    tracing::error!(%error, "the store cannot be read");
    ErrorInfo::new(ErrorCode::Unavailable, "history cannot be read at the moment; try again")
}

impl Node {
    /// The entries that a query asks for, complete up to the feed's head at the time of the call. Blocks.
    ///
    /// # Errors
    /// 50003 when store or log cannot be read.
    pub fn past(&self, query: &HistoryQuery) -> Result<Past, ErrorInfo> {
        let partition = PartitionId::of(&query.channel, self.limits().partitions);
        let head = self.feed().head_seq(partition);
        let (rows, cursor) = self.history().query(query, partition).map_err(|error| store_error(&error))?;
        let stored = rows.into_iter().map(|row| Arc::new(FeedEntry::new(row.serial, row.time_ms, row.body)));
        let until = head.min(query.to_seq);
        let recent = if until > cursor.seq && until >= query.from_seq {
            self.unprojected(query, partition, cursor.seq.max(query.from_seq.saturating_sub(1)), until)?
        } else {
            Vec::new()
        };
        let mut entries: Vec<_> = match query.direction {
            Direction::Forwards => stored.chain(recent).collect(),
            Direction::Backwards => recent.into_iter().rev().chain(stored).collect(),
        };
        entries.truncate(query.limit);
        Ok(Past { entries, pruned_seq: cursor.pruned_seq_of(Retention::of(&query.channel.name)) })
    }

    /// The query's entries with `after < seq <= until`, oldest first, from the ring or else the log.
    fn unprojected(
        &self,
        query: &HistoryQuery,
        partition: PartitionId,
        after: u64,
        until: u64,
    ) -> Result<Vec<Arc<FeedEntry>>, ErrorInfo> {
        let fits = |entry: &Arc<FeedEntry>| {
            entry.kind == query.kind
                && entry.channel == query.channel
                && (query.start_ms..=query.end_ms).contains(&entry.time_ms)
        };
        if query.kind == EntryKind::Message
            && let loquat_core::world::Recent::Held(entries) =
                self.feed().channel(&query.channel, partition, after, until, usize::MAX)
        {
            return Ok(entries.into_iter().filter(fits).collect());
        }
        let mut found = Vec::new();
        let mut at = after;
        while at < until {
            let chunk = self.entries_after(partition, at)?;
            let Some(last) = chunk.last() else { break };
            at = last.serial.seq;
            found.extend(chunk.into_iter().filter(|entry| entry.serial.seq <= until).filter(fits));
        }
        Ok(found)
    }

    /// The next entries of a partition after `after`, from the ring if it still holds them, else from the log.
    ///
    /// # Errors
    /// 50003 when the log cannot be read.
    pub(crate) fn entries_after(
        &self,
        partition: PartitionId,
        after: u64,
    ) -> Result<Vec<Arc<FeedEntry>>, ErrorInfo> {
        let mut entries = Vec::new();
        if self.feed().read(partition, after, CHUNK, &mut entries) {
            return Ok(entries);
        }
        let limit = ReadLimit { entries: CHUNK, bytes: 4 << 20 };
        let read = self.log().read(partition, after + 1, limit).map_err(|error| {
            tracing::error!(%error, "the log cannot be read");
            ErrorInfo::new(ErrorCode::Unavailable, "history cannot be read at the moment; try again")
        })?;
        Ok(read.into_iter().map(|e| Arc::new(FeedEntry::new(e.serial, e.time_ms, e.body))).collect())
    }
}
