//! How connections begin, live and end.

use loquat_core::{Limits, Now, Shard, connection::Opening};
use loquat_protocol::{Action, ConnectionId, Format, Serial};
use std::sync::Arc;

use crate::support::{Options, TestRights, check, check_with, wire};

#[test]
fn connected_tells_the_limits_and_the_key() {
    let limits = Limits { server_id: "node-1".into(), ..Limits::default() };
    let mut shard = Shard::new(Arc::new(limits), vec![Serial::new(1, 0)]);
    let opening = Opening {
        id: ConnectionId::from_trusted("conn"),
        key: "conn!key".into(),
        error: None,
        rights: TestRights::parse(["client=bob"].into_iter()),
        format: Format::Msgpack,
        echo: true,
        heartbeats: false,
        grace_ms: 15_000,
    };
    shard.open(Now::default(), opening);
    let mut writes = Vec::new();
    shard.take_writes(&mut writes);
    let [(0, bytes)] = &writes[..] else { panic!("one frame: {writes:?}") };
    let [wire::Received::Message(Format::Msgpack, connected)] = &wire::read(bytes)[..] else {
        panic!("one message in the connection's format")
    };
    assert_eq!(connected.action(), Some(Action::Connected));
    assert_eq!(connected.connection_id.as_deref(), Some("conn"));
    let details = connected.connection_details.as_ref().unwrap();
    assert_eq!((details.client_id.as_deref(), &*details.connection_key), (Some("bob"), "conn!key"));
    assert_eq!((details.max_message_size, details.max_frame_size), (65_536, 262_144));
    assert_eq!((details.max_idle_interval, details.connection_state_ttl), (15_000, 120_000));
    assert_eq!((details.max_inbound_rate, &*details.server_id), (50_000, "node-1"));
}

#[test]
fn a_connection_that_could_not_be_resumed_is_told_why() {
    check(
        "
        > open a error=80018
        a: CONNECTED a !80018
        ",
    );
}

#[test]
fn the_client_id_of_connected_is_that_of_the_rights() {
    check(
        "
        > open a wildcard
        a: CONNECTED a client=*
        > open b anonymous
        b: CONNECTED b
        > open c client=bob
        c: CONNECTED c client=bob
        ",
    );
}

#[test]
fn heartbeats_are_echoed_and_unknown_actions_tolerated() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a {"action":0,"id":"x1"}
        a: HEARTBEAT x1
        > a {"action":0}
        a: HEARTBEAT
        > a {"action":77}
        > a raw {"action":77,"messages":"of a later protocol"}
        > a {"action":18}
        "#,
    );
}

#[test]
fn silence_is_broken_before_the_idle_interval_ends() {
    check(
        r#"
        > open a heartbeats
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > wait 13999
        > wait 1
        a: HEARTBEAT
        b: ping
        > wait 13999
        > wait 1
        a: HEARTBEAT
        b: ping
        "#,
    );
}

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
    let opening = |id: &str| Opening {
        id: ConnectionId::from_trusted(id),
        key: String::new(),
        error: None,
        rights: TestRights::parse([].into_iter()),
        format: Format::Json,
        echo: true,
        heartbeats: false,
        grace_ms: 0,
    };
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
fn a_token_is_asked_for_before_it_expires_and_ends_the_connection_after() {
    check(
        r#"
        > open a client=bob expires=1070000
        a: CONNECTED a client=bob
        > wait 500
        > wait 39000
        a: ping
        > wait 500
        a: AUTH
        > wait 1000
        > a {"action":17,"auth":{"accessToken":"t2"}}
        a! authenticate t2
        > grant a client=bob expires=1111000
        a: CONNECTED a client=bob
        > wait 500
        > wait 39000
        a: ping
        > wait 500
        a: AUTH
        > wait 29000
        a: ping
        > wait 1000
        a: DISCONNECTED !40142
        a! close Error 40142
        a! gone
        "#,
    );
}

#[test]
fn a_token_of_a_short_life_is_asked_for_half_way() {
    check(
        r#"
        > open a client=bob expires=1004500
        a: CONNECTED a client=bob
        > wait 500
        > wait 1500
        > wait 500
        a: AUTH
        > a {"action":17,"auth":{"accessToken":"t2"}}
        a! authenticate t2
        > grant a client=bob expires=1007000
        a: CONNECTED a client=bob
        > wait 500
        > wait 1500
        > wait 500
        a: AUTH
        > wait 2000
        a: DISCONNECTED !40142
        a! close Error 40142
        a! gone
        "#,
    );
}

#[test]
fn what_is_revoked_ends_at_the_next_tick() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > revoke a 40131
        > wait 500
        a: ERROR !40131
        a! close Error 40131
        a! gone
        > open b client=bob
        b: CONNECTED b client=bob
        > revoke b 40141
        > wait 500
        b: DISCONNECTED !40141
        b! close Error 40141
        b! gone
        "#,
    );
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
        Options {
            limits: Limits { stalled_ms_max: 5_000, partitions: 1, ..Limits::default() },
            ..Options::default()
        },
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
