//! How members leave whose connection has gone, and how they stay.

use loquat_protocol::PresenceMessage;

use super::{channel, member};
use crate::support::{Node, Options, check};

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
fn a_leave_by_the_server_is_never_older_than_what_it_ends() {
    let mut node = Node::new(&Options::default());
    let entered = PresenceMessage { timestamp: Some(5_000), ..member("bob") };
    node.place.members.apply(&channel(), vec![entered]).unwrap();
    let left = node.place.members.leave("x", None, 4_000);
    assert_eq!(left[0].event.timestamp, Some(5_000), "the clock went back; RTP2b1 compares by time");
}
