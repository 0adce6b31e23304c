//! How connections end.

use std::sync::Arc;

use loquat_core::Shard;
use loquat_protocol::Serial;

use crate::support::{Options, check, check_with, opening, wire};

#[test]
fn close_ends_the_connection_for_good_and_a_drop_leaves_a_grace() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a {"action":7}
        a: CLOSED
        ! departed a for good
        a! close Client
        a! gone
        > open b grace=3000
        b: CONNECTED b
        > gone b
        b! gone
        > open c
        c: CONNECTED c
        > c {"action":5}
        c: DISCONNECTED
        c! close Client
        c! gone
        "#,
    );
}

#[test]
fn a_superseded_socket_ends_without_a_trace() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2}]
        a: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > open a2 id=a client=bob
        a2: CONNECTED a client=bob
        > a2 ATTACH c {"channelSerial":"@0"}
        a2: ATTACHED c #0 RESUMED HAS_PRESENCE default
        a2: SYNC c 1: present bob@a (a:0:0)
        > supersede a
        a! close Superseded
        > wait 20000
        a2: ping
        > post c "x"
        a2: MESSAGE c #1 "x"
        "#,
    );
}

#[test]
fn nothing_is_written_after_the_last_word() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > a ATTACH c
        a: ATTACHED c #0 default
        > hold close
        > a {"action":7}
        a: CLOSED
        ! departed a for good
        a! close Client
        > post c "x"
        > b ATTACH c
        b: ATTACHED c #1 default
        > b PRESENCE c 0 [{"action":2,"clientId":"bob"}]
        b: PRESENCE c enter bob@b (b:0:0)
        b: ACK 0 []
        > gone a
        a! gone
        > post c "y"
        b: MESSAGE c #2 "y"
        "#,
    );
}

#[test]
fn answers_that_are_known_precede_the_last_word() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > hold log
        > a MESSAGE c 0 ["x"]
        > a MESSAGE c 1 ["y"]
        > commit 1
        a: ACK 0 [#1:0]
        > shed a
        a: DISCONNECTED !80003
        a! close Drain
        a! gone
        > commit 1
        "#,
    );
}

#[test]
fn a_frame_for_the_last_user_of_a_place_does_not_reach_the_next() {
    let options = Options::default();
    let mut shard = Shard::new(Arc::new(options.limits), vec![Serial::new(1, 0)]);
    let first = shard.open(options.start, opening("first"));
    shard.socket_closed(first);
    let second = shard.open(options.start, opening("second"));
    assert_eq!(first.index, second.index);
    let mut writes = Vec::new();
    shard.take_writes(&mut writes);
    let frames: Vec<_> = writes.iter().flat_map(|(_, bytes)| wire::read(bytes)).collect();
    let [wire::Received::Message(_, connected)] = &frames[..] else { panic!("one frame: {frames:?}") };
    assert_eq!(connected.connection_id.as_deref(), Some("second"));
}

#[test]
fn bytes_that_are_no_frame_end_the_connection() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a raw {"action":
        a: ERROR !40000
        a! close Error 40000
        a! gone
        > open b
        b: CONNECTED b
        > b raw {"action":15,"channel":"c","messages":[]}
        b: ERROR !80013
        b! close Error 80013
        b! gone
        > open c
        c: CONNECTED c
        > c {"action":17}
        c: ERROR !40140
        c! close Error 40140
        c! gone
        "#,
    );
}

#[test]
fn a_reader_that_takes_nothing_is_cut_off() {
    check_with(
        Options::with(|limits| limits.stalled_ms_max = 5_000),
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > block a
        > post c "x"
        > wait 5000
        > wait 1
        a! close Slow
        a! gone
        "#,
    );
}
