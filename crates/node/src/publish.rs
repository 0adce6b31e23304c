//! Publishing from outside a connection, and what the node appends on its own.

use std::sync::Arc;

use loquat_core::{
    channel::EphemeralMessage,
    presence::Change,
    publish::{Publish, dedupe_key},
};
use loquat_log::{Appended, DedupeKey, LogError, LogErrorKind, NewEntry};
use loquat_protocol::{
    ChannelId, ErrorCode, ErrorInfo, PartitionId, PresenceMessage,
    entry::{PresencePayload, encode_presence},
};
use tokio::sync::oneshot;

use crate::{Node, clock::wall_ms};

/// A log error as clients see it.
pub fn log_error(error: &LogError) -> ErrorInfo {
    let (code, text) = match error.kind {
        LogErrorKind::Full => (ErrorCode::StorageFull, "the server's storage is full; nothing was stored"),
        LogErrorKind::Overloaded => {
            (ErrorCode::RateLimited, "the server is overloaded; nothing was stored; try again")
        }
        LogErrorKind::Unavailable => {
            (ErrorCode::Unavailable, "the log cannot be reached; nothing was stored; try again")
        }
        LogErrorKind::Unknown => (
            ErrorCode::Unavailable,
            "it is not known whether the message was stored; try again with the same id",
        ),
        LogErrorKind::TooLarge => (ErrorCode::MessageTooLarge, "the message is larger than the log takes"),
        LogErrorKind::Closed => {
            (ErrorCode::Unavailable, "the server is going away; nothing was stored; try again")
        }
        LogErrorKind::Truncated | LogErrorKind::Damaged => (ErrorCode::Internal, "the log has failed"),
    };
    ErrorInfo::new(code, text)
}

impl Node {
    /// Appends an entry and waits until it is durable.
    ///
    /// # Errors
    /// See [`log_error`].
    pub async fn append(
        &self,
        channel: &ChannelId,
        key: [u8; 16],
        body: bytes::Bytes,
    ) -> Result<Appended, ErrorInfo> {
        let partition = PartitionId::of(channel, self.limits().partitions);
        let (done, outcome) = oneshot::channel();
        let entry = NewEntry { key: DedupeKey(key), time_ms: wall_ms(), body };
        self.log().append(partition, vec![entry], Box::new(move |result| drop(done.send(result))));
        let closed = || LogError::new(LogErrorKind::Closed, "the log has closed");
        let appended = outcome
            .await
            .unwrap_or_else(|_| Err(closed()))
            .and_then(|all| all.first().copied().ok_or_else(closed));
        self.note_append(partition, appended.as_ref().map(|appended| !appended.duplicate));
        appended.map_err(|error| log_error(&error))
    }

    /// Publishes from outside a connection and waits until it is durable; `None` for ephemeral messages, which are sent
    /// to who is there.
    ///
    /// # Errors
    /// See [`log_error`].
    pub async fn publish(&self, channel: ChannelId, publish: Publish) -> Result<Option<Appended>, ErrorInfo> {
        if publish.ephemeral {
            self.broadcast(&Arc::new(EphemeralMessage::new(channel, publish.payload, wall_ms())));
            return Ok(None);
        }
        let appended = self.append(&channel, publish.key, publish.body(&channel)).await?;
        let metrics = self.metrics();
        if appended.duplicate {
            metrics.messages_duplicate.inc()
        } else {
            metrics.messages_published.inc()
        };
        Ok(Some(appended))
    }

    /// Lets members enter from outside a connection, and waits until presence history has them. All are of one
    /// connection, which never departs by itself: [`crate::presence::Presence::leave`] ends it.
    ///
    /// # Errors
    /// 91003 at the bounds; see [`log_error`].
    pub async fn enter(&self, channel: &ChannelId, events: Vec<PresenceMessage>) -> Result<(), ErrorInfo> {
        let changes = self.presence().apply(channel, events)?;
        if let Some((_, entry)) = self.presence_entry(&changes) {
            self.append(channel, entry.key.0, entry.body).await?;
        }
        Ok(())
    }

    /// The entry that keeps presence changes of one channel for presence history.
    pub(crate) fn presence_entry(&self, changes: &[Change]) -> Option<(PartitionId, NewEntry)> {
        let first = changes.first()?;
        let presence: Vec<_> = changes.iter().map(|change| PresenceMessage::clone(&change.event)).collect();
        let id = presence[0].id.clone().unwrap_or_default();
        let time_ms = presence[0].timestamp.map_or_else(wall_ms, |at| at as u64);
        let key =
            dedupe_key(&self.limits().dedupe_secret, &first.channel, 3, &format!("{}:{id}", first.version));
        let body = encode_presence(&first.channel, &PresencePayload { presence });
        let partition = PartitionId::of(&first.channel, self.limits().partitions);
        Some((partition, NewEntry { key: DedupeKey(key), time_ms, body }))
    }

    /// Keeps presence changes that nobody waits for. Live presence does not depend on it; a failure is counted and logged.
    pub(crate) fn keep_presence(&self, changes: &[Change]) {
        let mut rest = changes;
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|change| change.channel == first.channel).count();
            let (group, later) = rest.split_at(same);
            rest = later;
            let Some((partition, entry)) = self.presence_entry(group) else { continue };
            let report = |result: Result<_, LogError>| {
                if let Err(error) = result {
                    tracing::warn!(%error, "presence events are missing from presence history");
                }
            };
            self.log().append(partition, vec![entry], Box::new(report));
        }
    }
}
