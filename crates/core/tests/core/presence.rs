//! Presence: who is told what, and that nobody is left with another picture.

use loquat_core::{Limits, Slot, connection::Opening};
use loquat_protocol::{Action, AppId, ChannelId, ChannelName, ConnectionId, Format, PresenceMessage};

use crate::support::{Event, Node, Options, TestRights, check, check_with, wire};

#[test]
fn enter_update_leave_and_again() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"data":"in"}]
        a: PRESENCE c enter bob@a (a:0:0) "in"
        a: ACK 0 []
        > a PRESENCE c 1 [{"action":2,"data":"again"}]
        a: PRESENCE c update bob@a (a:1:0) "again"
        a: ACK 1 []
        > a PRESENCE c 2 [{"action":4,"data":"up"}]
        a: PRESENCE c update bob@a (a:2:0) "up"
        a: ACK 2 []
        > a PRESENCE c 3 [{"action":3}]
        a: PRESENCE c leave bob@a (a:3:0) "up"
        a: ACK 3 []
        > a PRESENCE c 4 [{"action":3}]
        a: ACK 4 []
        > a PRESENCE c 5 [{"action":4,"data":"back"}]
        a: PRESENCE c enter bob@a (a:5:0) "back"
        a: ACK 5 []
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a ATTACH c
        a: ATTACHED c #0 default
        "#,
    );
}

/// Whoever may only read may be present; that is no way to tell others what one likes, as fast as one likes.
#[test]
fn presence_and_ephemeral_messages_have_a_pace_of_their_own() {
    check(
        r#"
        > open a client=bob passing=3
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2}]
        a: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > a MESSAGE c 1 [{"name":"typing","extras":{"ephemeral":true}}]
        a: MESSAGE c a:1 bob:typing:-{"ephemeral":true}
        a: ACK 1 []
        > a PRESENCE c 2 [{"action":4},{"action":4}]
        a: NACK 2 !42910
        > a PRESENCE c 3 [{"action":4}]
        a: PRESENCE c update bob@a (a:3:0)
        a: ACK 3 []
        > a MESSAGE c 4 [{"name":"typing","extras":{"ephemeral":true}}]
        a: NACK 4 !42910
        > a MESSAGE c 5 ["kept"]
        a: MESSAGE c #1 a:5 bob:"kept"
        a: ACK 5 [#1:0]
        "#,
    );
}

#[test]
fn a_snapshot_at_the_attach_and_each_change_after_it_once() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"clientId":"x"},{"action":2,"clientId":"y"}]
        a: PRESENCE c enter x@a (a:0:0)
        a: PRESENCE c enter y@a (a:0:1)
        a: ACK 0 []
        > b ATTACH c
        b: ATTACHED c #0 HAS_PRESENCE default
        b: SYNC c 2: present x@a (a:0:0) present y@a (a:0:1)
        > a PRESENCE c 1 [{"action":3,"clientId":"x"}]
        a: PRESENCE c leave x@a (a:1:0)
        b: PRESENCE c leave x@a (a:1:0)
        a: ACK 1 []
        > b SYNC c
        b: SYNC c 3: present y@a (a:0:1)
        > b ATTACH d {"flags":131072}
        b: ATTACHED d #0 publish
        > a ATTACH d
        a: ATTACHED d #0 default
        > a PRESENCE d 2 [{"action":2,"clientId":"x"}]
        a: PRESENCE d enter x@a (a:2:0)
        a: ACK 2 []
        > b ATTACH d
        b: ATTACHED d #0 RESUMED HAS_PRESENCE default
        b: SYNC d 4: present x@a (a:2:0)
        "#,
    );
}

fn channel() -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted("c"))
}

fn member(client_id: &str) -> PresenceMessage {
    PresenceMessage {
        action: 2,
        client_id: Some(client_id.to_owned()),
        connection_id: Some("x".to_owned()),
        ..PresenceMessage::default()
    }
}

/// Opens a connection and attaches it to `c`.
fn attach(node: &mut Node) -> Slot {
    let opening = Opening {
        id: ConnectionId::from_trusted("a"),
        key: String::new(),
        error: None,
        rights: TestRights::parse([].into_iter()),
        format: Format::Json,
        echo: true,
        heartbeats: false,
        grace_ms: 0,
    };
    let slot = node.shards[0].open(node.now, opening);
    ask(node, slot, br#"{"action":10,"channel":"c"}"#);
    slot
}

fn ask(node: &mut Node, slot: Slot, frame: &[u8]) {
    node.shards[0].frame(node.now, &node.place, slot, Format::Json, frame);
}

/// The frames of an action that come out of a turn: channelSerial and members.
fn frames(node: &mut Node, action: Action) -> Vec<(String, Vec<String>)> {
    let frame = |event| match event {
        Event::Frame(_, _, wire::Received::Message(_, frame)) if frame.action() == Some(action) => {
            let names = frame.presence.iter().filter_map(|event| event.client_id.clone()).collect();
            Some((frame.channel_serial.unwrap_or_default(), names))
        }
        _ => None,
    };
    node.turn().into_iter().filter_map(frame).collect()
}

#[test]
fn a_large_snapshot_comes_in_pages_of_one_sync() {
    let mut node = Node::new(&Options::default());
    for n in 0..250 {
        node.place.members.apply(&channel(), vec![member(&format!("{n:03}"))]).unwrap();
    }
    attach(&mut node);
    let pages: Vec<_> =
        frames(&mut node, Action::Sync).into_iter().map(|(at, names)| (at, names.len())).collect();
    assert_eq!(pages, [("250:1".into(), 100), ("250:2".into(), 100), ("250:".into(), 50)]);
}

/// MEM-1: what is asked for with a few bytes and answered with many is not written as often as somebody can ask for it
/// in one go.
#[test]
fn a_snapshot_that_is_asked_for_again_and_again_in_a_turn_is_given_once() {
    let mut node = Node::new(&Options::default());
    let entered = node.place.members.apply(&channel(), vec![member("first")]).unwrap();
    let slot = attach(&mut node);
    for _ in 0..100 {
        ask(&mut node, slot, br#"{"action":16,"channel":"c"}"#);
        ask(&mut node, slot, br#"{"action":10,"channel":"c"}"#);
    }
    let more = node.place.members.apply(&channel(), vec![member("second")]).unwrap();
    node.shards[0].presence_changes(node.now, &[entered, more].concat());
    let both = vec!["first".to_owned(), "second".to_owned()];
    assert_eq!(frames(&mut node, Action::Sync), [("2:".to_owned(), both)]);
    ask(&mut node, slot, br#"{"action":16,"channel":"c"}"#);
    assert_eq!(frames(&mut node, Action::Sync).len(), 1);
}

#[test]
fn a_change_that_the_snapshot_had_is_not_told_again_and_the_next_one_is() {
    let mut node = Node::new(&Options::default());
    // The table is ahead of what its shards were told.
    let first = node.place.members.apply(&channel(), vec![member("first")]).unwrap();
    attach(&mut node);
    assert_eq!(frames(&mut node, Action::Sync), [("1:".to_owned(), vec!["first".to_owned()])]);
    let second = node.place.members.apply(&channel(), vec![member("second")]).unwrap();
    node.shards[0].presence_changes(node.now, &first);
    node.shards[0].presence_changes(node.now, &second);
    assert_eq!(frames(&mut node, Action::Presence), [(String::new(), vec!["second".to_owned()])]);
}

#[test]
fn a_reader_that_was_blocked_gets_a_fresh_snapshot() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > a ATTACH c
        a: ATTACHED c #0 default
        > b ATTACH c
        b: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"clientId":"x"}]
        a: PRESENCE c enter x@a (a:0:0)
        b: PRESENCE c enter x@a (a:0:0)
        a: ACK 0 []
        > block b
        > a PRESENCE c 1 [{"action":2,"clientId":"y"}]
        a: PRESENCE c enter y@a (a:1:0)
        a: ACK 1 []
        > drain b
        b: SYNC c 2: present x@a (a:0:0) present y@a (a:1:0)
        > block b
        > drain b
        > block b
        > a PRESENCE c 2 [{"action":3,"clientId":"x"},{"action":3,"clientId":"y"}]
        a: PRESENCE c leave x@a (a:2:0)
        a: PRESENCE c leave y@a (a:2:1)
        a: ACK 2 []
        > drain b
        b: SYNC c 4:
        > b SYNC c
        b: SYNC c 4:
        "#,
    );
}

#[test]
fn members_leave_after_the_grace_unless_their_connection_is_back() {
    check(
        r#"
        > open w
        w: CONNECTED w
        > w ATTACH c
        w: ATTACHED c #0 default
        > open a client=bob grace=3000
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"data":"d"}]
        w: PRESENCE c enter bob@a (a:0:0) "d"
        a: PRESENCE c enter bob@a (a:0:0) "d"
        a: ACK 0 []
        > gone a
        a! gone
        > wait 2999
        > open a2 id=a client=bob grace=3000
        a2: CONNECTED a client=bob
        > wait 5000
        > gone a2
        a2! gone
        > wait 2999
        > wait 1
        w: PRESENCE c leave bob@a (server:2:0) "d"
        "#,
    );
}

#[test]
fn a_close_takes_the_members_along_at_once() {
    check(
        r#"
        > open w
        w: CONNECTED w
        > w ATTACH c
        w: ATTACHED c #0 default
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c {"flags":65536}
        a: ATTACHED c #0 presence
        > a PRESENCE c 0 [{"action":2}]
        w: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > a {"action":7}
        a: CLOSED
        ! departed a for good
        a! close Client
        a! gone
        w: PRESENCE c leave bob@a (server:2:0)
        "#,
    );
}

#[test]
fn what_was_not_acknowledged_may_come_again_before_the_attach() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > gone a
        a! gone
        > open b id=a client=bob
        b: CONNECTED a client=bob
        > b PRESENCE c 0 [{"action":2}]
        b: ACK 0 []
        > b ATTACH c {"channelSerial":"@0"}
        b: ATTACHED c #0 RESUMED HAS_PRESENCE default
        b: SYNC c 1: present bob@a (a:0:0)
        > b DETACH c
        b: DETACHED c
        ! a leaves c
        "#,
    );
}

#[test]
fn what_presence_refuses() {
    check_with(
        Options {
            limits: Limits {
                partitions: 1,
                members_per_channel_max: 2,
                message_bytes_max: 20,
                messages_per_frame_max: 3,
                ..Limits::default()
            },
            ..Options::default()
        },
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 1 [{"action":2}]
        a: NACK 1 !40012
        > a PRESENCE c 2 [{"action":9,"clientId":"x"}]
        a: NACK 2 !40000
        > a PRESENCE c 3 [{"action":2,"clientId":"x","data":7}]
        a: NACK 3 !40013
        > a PRESENCE c 4 [{"action":2,"clientId":"x","extras":"e"}]
        a: NACK 4 !40032
        > a PRESENCE c 5 [{"action":2,"clientId":"x","data":"01234567890123456789"}]
        a: NACK 5 !40009
        > a PRESENCE c 6 [{"action":2,"clientId":"x"},{"action":2,"clientId":"y"},{"action":2,"clientId":"z"}]
        a: NACK 6 !91003
        > a PRESENCE c 7 [{"action":2,"clientId":"x"},{"action":2,"clientId":"y"}]
        a: PRESENCE c enter x@a (a:7:0)
        a: PRESENCE c enter y@a (a:7:1)
        a: ACK 7 []
        > a PRESENCE c 8 [{"action":4,"clientId":"x"},{"action":1,"clientId":"y"}]
        a: PRESENCE c update x@a (a:8:0)
        a: PRESENCE c update y@a (a:8:1)
        a: ACK 8 []
        > a PRESENCE :c 9 [{"action":2}]
        a: NACK 9 !40010
        > a SYNC d
        a: ERROR d !90001
        "#,
    );
}

#[test]
fn a_leave_by_the_server_is_never_older_than_what_it_ends() {
    let mut node = Node::new(&Options::default());
    let entered = PresenceMessage { timestamp: Some(5_000), ..member("bob") };
    node.place.members.apply(&channel(), vec![entered]).unwrap();
    let left = node.place.members.leave("x", None, 4_000);
    assert_eq!(left[0].event.timestamp, Some(5_000), "the clock went back; RTP2b1 compares by time");
}
