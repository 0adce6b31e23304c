//! Whether the engines take what the node gives them; readiness says so.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, Ordering::Relaxed};

use loquat_core::publish::dedupe_key;
use loquat_log::{DedupeKey, LogError, LogErrorKind, NewEntry};
use loquat_protocol::{
    AppId, ChannelId, ChannelName, PartitionId,
    entry::{MessagesPayload, encode_messages},
};
use parking_lot::Mutex;

use crate::{Node, clock::wall_ms};

const WELL: u8 = 0;
const FULL: u8 = 1;
const FAILING: u8 = 2;

/// What the engines said last.
#[derive(Debug, Default)]
pub struct Health {
    log: AtomicU8,
    /// The partition that was refused last: asked again until it takes something.
    partition: AtomicU16,
    probing: AtomicBool,
    /// Whose store has no room.
    stores_full: Mutex<Vec<&'static str>>,
}

impl Health {
    /// Why the engines cannot work, in a few words.
    pub fn trouble(&self) -> Option<&'static str> {
        match self.log.load(Relaxed) {
            FULL => Some("disk full"),
            FAILING => Some("log failing"),
            _ if !self.stores_full.lock().is_empty() => Some("disk full"),
            _ => None,
        }
    }

    fn is_full(&self) -> bool {
        self.log.load(Relaxed) == FULL || !self.stores_full.lock().is_empty()
    }
}

/// What an outcome says of the log; none when it says nothing.
fn sign(outcome: Result<bool, &LogError>) -> Option<u8> {
    match outcome.map_err(|error| error.kind) {
        Ok(true) => Some(WELL),
        // A duplicate is answered from memory.
        Ok(false) => None,
        Err(LogErrorKind::Full) => Some(FULL),
        Err(LogErrorKind::Overloaded | LogErrorKind::TooLarge | LogErrorKind::Truncated) => None,
        Err(
            LogErrorKind::Unavailable | LogErrorKind::Unknown | LogErrorKind::Damaged | LogErrorKind::Closed,
        ) => Some(FAILING),
    }
}

impl Node {
    /// Notes an append's outcome; `Ok` with whether anything was written.
    pub(crate) fn note_append(&self, partition: PartitionId, outcome: Result<bool, &LogError>) {
        if outcome.is_err() {
            self.metrics().append_failures.inc();
        }
        let Some(now) = sign(outcome) else { return };
        let before = self.health().log.swap(now, Relaxed);
        if now != WELL {
            self.health().partition.store(partition.0, Relaxed);
        }
        if before == now {
            return;
        }
        self.metrics().disk_full.set(i64::from(self.health().is_full()));
        match (now, outcome) {
            (FULL, _) => tracing::error!("the disk is full: publishes are refused until there is room"),
            (_, Err(error)) => tracing::error!(%error, "the log takes nothing: publishes are refused"),
            _ => tracing::info!("the log takes publishes again"),
        }
    }

    /// Notes whether what a consumer writes to has room.
    pub(crate) fn note_store(&self, consumer: &'static str, has_room: bool) {
        let mut full = self.health().stores_full.lock();
        if full.contains(&consumer) != has_room {
            return;
        }
        match has_room {
            true => full.retain(|other| *other != consumer),
            false => full.push(consumer),
        }
        drop(full);
        self.metrics().disk_full.set(i64::from(self.health().is_full()));
        if has_room {
            tracing::info!(consumer, "the store has room again");
        } else {
            tracing::error!(consumer, "the disk is full: it waits until there is room");
        }
    }

    /// While the log refuses, nobody may publish, and a balancer that asks for readiness sends nobody: so the node tries by
    /// itself, with an entry of no channel, which nobody receives and history skips.
    pub(crate) fn probe_log(self: &std::sync::Arc<Self>) {
        let health = self.health();
        if health.log.load(Relaxed) == WELL || health.probing.swap(true, Relaxed) {
            return;
        }
        let nowhere = ChannelId::new(AppId::from_trusted(""), ChannelName::from_trusted(""));
        let time_ms = wall_ms();
        let id = format!("{}:{time_ms}", self.limits().server_id);
        let key = DedupeKey(dedupe_key(&self.limits().dedupe_secret, &nowhere, 0, &id));
        let entry = NewEntry { key, time_ms, body: encode_messages(&nowhere, &MessagesPayload::default()) };
        let (node, partition) = (std::sync::Arc::clone(self), PartitionId(health.partition.load(Relaxed)));
        let done = move |result: Result<Vec<_>, LogError>| {
            node.health().probing.store(false, Relaxed);
            node.note_append(partition, result.as_ref().map(|_| true));
        };
        self.log().append(partition, vec![entry], Box::new(done));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_disk_did_is_a_sign() {
        let error = |kind| LogError::new(kind, "");
        assert_eq!(sign(Ok(true)), Some(WELL));
        assert_eq!(sign(Ok(false)), None);
        assert_eq!(sign(Err(&error(LogErrorKind::Full))), Some(FULL));
        assert_eq!(sign(Err(&error(LogErrorKind::Overloaded))), None);
        assert_eq!(sign(Err(&error(LogErrorKind::Unavailable))), Some(FAILING));
    }
}
