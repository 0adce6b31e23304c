//! Members who are there without an attachment, or without a connection.

use loquat_core::{Changed, Limits, presence::MemberTable};
use loquat_protocol::{AppId, ChannelId, ChannelName, ClientId, ConnectionId, PresenceMessage};

use crate::support::check;

#[test]
fn members_that_entered_without_an_attachment_leave_too() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open e
        e: CONNECTED e
        > e ATTACH c
        e: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2}]
        e: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > change a cap=d:presence
        > changed bob
        e: PRESENCE c leave bob@a (server:2:0)
        "#,
    );
}

#[test]
fn a_connection_that_is_resumed_with_less_leaves_where_it_may_not_be() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open e
        e: CONNECTED e
        > e ATTACH c
        e: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2}]
        e: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > a PRESENCE d 1 [{"action":2}]
        a: ACK 1 []
        > gone a
        a! gone
        > open b id=a client=bob cap=d:presence
        b: CONNECTED a client=bob
        e: PRESENCE c leave bob@a (server:3:0)
        "#,
    );
}

#[test]
fn who_is_removed_while_away_is_seen_to_leave_at_once() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open k
        k: CONNECTED k
        > k ATTACH c
        k: ATTACHED c #0 default
        > k ATTACH d
        k: ATTACHED d #0 default
        > a PRESENCE c 0 [{"action":2}]
        k: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > a PRESENCE d 1 [{"action":2}]
        k: PRESENCE d enter bob@a (a:1:0)
        a: ACK 1 []
        > gone a
        a! gone
        > changed bob
        > change a cap=d:*
        > changed eve
        > changed bob
        k: PRESENCE c leave bob@a (server:3:0)
        > revoke a 40141
        > changed everybody
        k: PRESENCE d leave bob@a (server:4:0)
        "#,
    );
}

#[test]
fn who_was_there_before_a_restart_leaves_when_their_own_rights_change() {
    let channel = ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted("c"));
    let members = |table: &MemberTable| {
        let mut clients: Vec<_> =
            table.members(&channel).present.iter().map(|event| event.client_id.clone().unwrap()).collect();
        clients.sort();
        clients
    };
    let mut table = MemberTable::new(&Limits::default());
    for client in ["bob", "eve"] {
        let event = PresenceMessage {
            action: 2,
            client_id: Some(client.to_owned()),
            connection_id: Some(format!("of-{client}")),
            ..PresenceMessage::default()
        };
        table.restore(&channel, event, 15_000);
    }
    // What may concern everybody says nothing of anybody.
    assert!(table.absent(&Changed::Everybody).is_empty());
    let mut changed = Changed::default();
    changed.add(Some(ClientId::from_trusted("bob")));
    assert_eq!(table.absent(&changed), ["of-bob".into()]);
    assert_eq!(table.leave_forbidden("of-bob", &changed, 1).len(), 1);
    assert_eq!(table.leave_forbidden("of-eve", &changed, 1).len(), 0);
    assert_eq!(members(&table), ["eve"]);
    // Whoever is back is looked at by their connection.
    table.returned(&ConnectionId::from_trusted("of-eve"));
    changed.add(Some(ClientId::from_trusted("eve")));
    assert!(table.absent(&changed).is_empty());
    assert_eq!(table.leave_forbidden("of-eve", &changed, 1).len(), 0);
}
