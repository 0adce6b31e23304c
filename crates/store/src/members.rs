//! Who is present, as far as the presence entries of the log say: what a node needs after a restart, so that nobody is
//! shown as gone while their connection is on its way back (PRS-1).

use loquat_protocol::{
    ChannelId, PresenceAction, PresenceMessage,
    entry::{EntryKind, decode_header, decode_presence},
};

use crate::Row;

/// A member that has entered and not left.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// The channel.
    pub channel: ChannelId,
    /// Its last event, with its connection and client.
    pub event: PresenceMessage,
}

/// What one presence event does to the members of its channel.
#[derive(Clone, PartialEq, Debug)]
pub enum MemberChange {
    /// The member is present with this event.
    Put(Member),
    /// The member is gone.
    Gone {
        /// The channel.
        channel: ChannelId,
        /// Its connection.
        connection: String,
        /// Its client.
        client: String,
    },
}

/// The changes of a row, in their order; none for rows that are not about presence or that cannot be read.
pub fn changes(row: &Row) -> Vec<MemberChange> {
    if row.kind != EntryKind::Presence {
        return Vec::new();
    }
    let payload = decode_header(&row.body).and_then(|header| decode_presence(header.payload));
    let events = payload.map(|payload| payload.presence).unwrap_or_default();
    events.into_iter().filter_map(|event| change(row, event)).collect()
}

fn change(row: &Row, event: PresenceMessage) -> Option<MemberChange> {
    let (connection, client) = (event.connection_id.clone()?, event.client_id.clone()?);
    let channel = row.channel.clone();
    Some(if event.action == PresenceAction::Leave as u8 {
        MemberChange::Gone { channel, connection, client }
    } else {
        MemberChange::Put(Member { channel, event })
    })
}
