//! Presence after a restart: the members of before are present again, and leave unless their connections return.

use loquat_core::feed::FeedEntry;
use loquat_log::{LogError, LogErrorKind, ReadLimit};
use loquat_protocol::PartitionId;
use loquat_store::{Member, MemberChange, members::changes};

use crate::{Node, node::Engines, projector::row};

/// Entries read from the log at a time.
const CHUNK: ReadLimit = ReadLimit { entries: 1_024, bytes: 4 << 20 };

/// The members that the projection and what the log has after it leave present.
///
/// # Errors
/// When store or log cannot be read.
pub fn members(engines: &Engines) -> Result<Vec<Member>, LogError> {
    let unavailable =
        |error: &dyn std::fmt::Display| LogError::new(LogErrorKind::Unavailable, error.to_string());
    let mut members = engines.projection.members().map_err(|error| unavailable(&error))?;
    for partition in (0..engines.log.partitions()).map(PartitionId) {
        let mut after = engines.projection.cursor(partition).map_err(|error| unavailable(&error))?.seq;
        loop {
            let entries = engines.log.read(partition, after + 1, CHUNK)?;
            let Some(last) = entries.last() else { break };
            after = last.serial.seq;
            for entry in entries {
                let entry = FeedEntry::new(entry.serial, entry.time_ms, entry.body);
                changes(&row(partition, &entry)).into_iter().for_each(|change| fold(&mut members, change));
            }
        }
    }
    Ok(members)
}

fn fold(members: &mut Vec<Member>, change: MemberChange) {
    let (channel, connection, client) = match &change {
        MemberChange::Put(Member { channel, event }) => {
            (channel, event.connection_id.as_deref(), event.client_id.as_deref())
        }
        MemberChange::Gone { channel, connection, client } => (channel, Some(&**connection), Some(&**client)),
    };
    members.retain(|member| {
        let event = &member.event;
        member.channel != *channel
            || event.connection_id.as_deref() != connection
            || event.client_id.as_deref() != client
    });
    if let MemberChange::Put(member) = change {
        members.push(member);
    }
}

impl Node {
    /// Makes the members of before present again, for as long as their connections have to come back.
    pub(crate) fn restore_members(&self, members: Vec<Member>) {
        let leaves_at_ms = self.clock().now().mono_ms + self.limits().presence_grace_ms;
        for Member { channel, event } in members {
            self.presence().restore(&channel, event, leaves_at_ms);
        }
    }
}
