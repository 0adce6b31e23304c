//! Rights that change under an open connection (SEC-1).

use loquat_core::{Changed, Identity, presence::MemberTable};
use loquat_protocol::{AppId, ChannelId, ChannelName, ClientId, ConnectionId, PresenceMessage};

use crate::support::check;

#[test]
fn who_is_removed_gets_nothing_more_and_is_seen_to_leave() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open e client=eve
        e: CONNECTED e client=eve
        > a ATTACH c
        a: ATTACHED c #0 default
        > a ATTACH d
        a: ATTACHED d #0 default
        > e ATTACH c
        e: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2}]
        a: PRESENCE c enter bob@a (a:0:0)
        e: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > change a cap=d:*
        > a MESSAGE c 1 ["x"]
        a: NACK 1 !40160
        > changed bob
        a: ERROR c !40160
        ! a leaves c
        e: PRESENCE c leave bob@a (server:2:0)
        > post c "for members only"
        e: MESSAGE c #1 "for members only"
        > post d "for all"
        a: MESSAGE d #2 "for all"
        > a ATTACH c {"channelSerial":"@0"}
        a: ERROR c !40160
        > change a
        > a ATTACH c
        a: ATTACHED c #2 default
        "#,
    );
}

#[test]
fn only_those_concerned_are_looked_at() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open k
        k: CONNECTED k
        > a ATTACH c
        a: ATTACHED c #0 default
        > k ATTACH c
        k: ATTACHED c #0 default
        > change a cap=d:subscribe
        > change k cap=d:subscribe
        > changed eve
        > changed bob
        a: ERROR c !40160
        ! a leaves c
        > changed everybody
        k: ERROR c !40160
        ! k leaves c
        > post c "unseen"
        "#,
    );
}

#[test]
fn modes_go_and_come_back_with_the_role() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c {"params":{"modes":"publish,subscribe"}}
        a: ATTACHED c #0 publish subscribe modes=publish,subscribe
        > change a cap=c:subscribe,presence
        > changed bob
        a: ATTACHED c #0 RESUMED subscribe
        > changed bob
        > post c "seen"
        a: MESSAGE c #1 "seen"
        > a MESSAGE c 0 ["x"]
        a: NACK 0 !40160
        > change a
        > changed bob
        a: ATTACHED c #1 RESUMED publish subscribe
        > a MESSAGE c 1 ["x"]
        a: MESSAGE c #2 a:1 bob:"x"
        a: ACK 1 [#2:0]
        "#,
    );
}

#[test]
fn who_may_read_again_is_told_that_messages_were_missed() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > change a cap=c:presence
        > changed bob
        a: ATTACHED c #0 RESUMED presence
        > post c "unseen"
        > change a
        > changed bob
        a: ATTACHED c #1 default
        > post c "seen"
        a: MESSAGE c #2 "seen"
        "#,
    );
}

#[test]
fn what_was_read_for_an_attachment_that_has_failed_is_not_given() {
    check(
        r#"
        > post c "one"
        > evict
        > hold store
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c {"channelSerial":"@0"}
        a: ATTACHED c #0 RESUMED default
        > a ATTACH d {"params":{"rewind":"1"}}
        > change a cap=e:subscribe
        > changed bob
        a: ERROR c !40160
        a: ERROR d !40160
        ! a leaves c
        ! a leaves d
        > go
        > post c "two"
        > change a
        > a ATTACH c {"channelSerial":"@1"}
        a: ATTACHED c #1 RESUMED default
        a: MESSAGE c #2 "two"
        "#,
    );
}

#[test]
fn what_was_read_for_an_attachment_that_may_read_no_more_is_not_given() {
    check(
        r#"
        > post c "one"
        > evict
        > hold store
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c {"channelSerial":"@0"}
        a: ATTACHED c #0 RESUMED default
        > change a cap=c:publish
        > changed bob
        a: ATTACHED c #1 RESUMED publish
        > change a
        > changed bob
        a: ATTACHED c #1 default
        > go
        > post c "two"
        a: MESSAGE c #2 "two"
        "#,
    );
}

#[test]
fn a_reader_that_was_blocked_gets_nothing_of_what_is_no_longer_permitted() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a ATTACH d
        a: ATTACHED d #0 default
        > block a
        > post c "before"
        > post d "before too"
        > change a cap=d:subscribe
        > changed bob
        a: ERROR c !40160
        a: ATTACHED d #0 RESUMED subscribe presence_subscribe
        ! a leaves c
        > drain a
        a: MESSAGE d #2 "before too"
        "#,
    );
}

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
fn an_ended_session_ends_its_connection_at_once() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open b client=bob
        b: CONNECTED b client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > b ATTACH c
        b: ATTACHED c #0 default
        > revoke a 40141
        > changed bob
        a: DISCONNECTED !40141
        a! close Error 40141
        a! gone
        > post c "seen by the other session"
        b: MESSAGE c #1 "seen by the other session"
        "#,
    );
}

#[test]
fn past_a_bound_everybody_is_looked_at() {
    let named = |number: u32| ClientId::from_trusted(&format!("client {number}"));
    let mut changed = Changed::default();
    assert!(!changed.concerns(&Identity::Any) && !changed.concerns(&Identity::Named(named(1))));
    (0..1_024).for_each(|number| changed.add(Some(named(number))));
    assert!(changed.concerns(&Identity::Named(named(1_023))));
    assert!(!changed.concerns(&Identity::Named(named(1_024))) && !changed.concerns(&Identity::Any));
    changed.add(Some(named(1_024)));
    assert_eq!(changed, Changed::Everybody);
    changed.add(Some(named(1)));
    assert!(changed.concerns(&Identity::Any) && changed.concerns(&Identity::Named(named(9_999))));
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
    let members = |table: &MemberTable| {
        let channel = ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted("c"));
        let mut clients: Vec<_> =
            table.members(&channel).present.iter().map(|event| event.client_id.clone().unwrap()).collect();
        clients.sort();
        clients
    };
    let mut table = MemberTable::new(10, 10);
    let channel = ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted("c"));
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
