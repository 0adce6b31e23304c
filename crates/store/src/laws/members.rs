//! Laws of who is present.

use bytes::Bytes;
use loquat_protocol::{
    AppId, ChannelId, ChannelName, PartitionId, PresenceAction, PresenceMessage, Serial,
    entry::{EntryKind, PresencePayload, encode_presence},
};

use super::Fixture;
use crate::{Advance, Projection, ProjectionBatch, Retention, Row};

const P: PartitionId = PartitionId(3);

fn event(action: PresenceAction, connection: &str, client: &str) -> PresenceMessage {
    let id = Some(format!("{connection}:0:0"));
    let (client_id, connection_id) = (Some(client.to_owned()), Some(connection.to_owned()));
    PresenceMessage { action: action as u8, id, client_id, connection_id, ..PresenceMessage::default() }
}

fn row(seq: u64, app: &str, presence: Vec<PresenceMessage>) -> Row {
    let channel = ChannelId::new(AppId::from_trusted(app), ChannelName::from_trusted("room"));
    let (items, body) = (presence.len() as u16, encode_presence(&channel, &PresencePayload { presence }));
    let body = Bytes::from(body.to_vec());
    Row {
        partition: P,
        channel,
        kind: EntryKind::Presence,
        serial: Serial::new(1, seq),
        time_ms: seq,
        items,
        body,
    }
}

fn apply(store: &impl Projection, after_seq: u64, rows: Vec<Row>) {
    let advances = vec![Advance { partition: P, after_seq, to_seq: after_seq + rows.len() as u64 }];
    store.apply(&ProjectionBatch { advances, rows }).unwrap();
}

fn present(store: &impl Projection) -> Vec<String> {
    let name = |member: crate::Member| {
        let event = member.event;
        format!("{}/{}/{}", member.channel.app, event.connection_id.unwrap(), event.client_id.unwrap())
    };
    let mut names: Vec<_> = store.members().unwrap().into_iter().map(name).collect();
    names.sort();
    names
}

/// A member is there from its enter to its leave, whatever retention takes and however often the store is opened.
pub fn members_are_who_entered_and_did_not_leave<F: Fixture>() {
    use PresenceAction::{Enter, Leave, Update};
    let mut fixture = F::empty();
    let rows = vec![
        row(1, "a", vec![event(Enter, "c1", "ann"), event(Enter, "c1", "bob"), event(Enter, "c2", "ann")]),
        row(2, "a", vec![event(Leave, "c1", "bob"), event(Update, "c2", "ann")]),
        row(3, "b", vec![event(Enter, "c9", "eve")]),
    ];
    apply(fixture.store(), 0, rows);
    assert_eq!(present(fixture.store()), ["a/c1/ann", "a/c2/ann", "b/c9/eve"]);
    fixture.store().prune(P, Retention::Realtime, 100, 100).unwrap();
    fixture.reopen();
    assert_eq!(present(fixture.store()), ["a/c1/ann", "a/c2/ann", "b/c9/eve"]);
    let updated = fixture
        .store()
        .members()
        .unwrap()
        .into_iter()
        .find(|m| m.event.connection_id.as_deref() == Some("c2"));
    assert_eq!(updated.unwrap().event.action, Update as u8);
    apply(fixture.store(), 3, vec![row(4, "a", vec![event(Leave, "c1", "ann")])]);
    fixture.store().remove_app(&AppId::from_trusted("b")).unwrap();
    assert_eq!(present(fixture.store()), ["a/c2/ann"]);
}
