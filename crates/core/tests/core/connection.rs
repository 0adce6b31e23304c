//! How connections begin, live and end.

mod end;
mod token;

use std::sync::Arc;

use loquat_core::{Limits, Now, Shard, connection::Opening};
use loquat_protocol::{Action, Format, Serial};

use crate::support::{TestRights, check, opening, wire};

#[test]
fn connected_tells_the_limits_and_the_key() {
    let limits = Limits { server_id: "node-1".into(), ..Limits::default() };
    let mut shard = Shard::new(Arc::new(limits), vec![Serial::new(1, 0)]);
    let rights = TestRights::parse(["client=bob"].into_iter());
    let opening = Opening { key: "conn!key".into(), rights, format: Format::Msgpack, ..opening("conn") };
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
        > open c idle=5000
        c: CONNECTED c
        > wait 3999
        > wait 1
        c: ping
        "#,
    );
}
