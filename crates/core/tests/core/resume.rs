//! Attachments that go on where another socket ended, or fell behind.

mod stalled;

use crate::support::{Options, check, check_with};

#[test]
fn a_resume_gives_what_was_missed_and_then_the_live_stream() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > post d "other"
        > post c "3"
        > open a
        a: CONNECTED a
        > a ATTACH c {"channelSerial":"@1"}
        a: ATTACHED c #1 RESUMED default
        a: MESSAGE c #2 "2"
        a: MESSAGE c #4 "3"
        > post c "4"
        a: MESSAGE c #5 "4"
        "#,
    );
}

#[test]
fn what_the_ring_has_forgotten_comes_from_the_projection() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > evict
        > post c "3"
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"channelSerial":"@1"}
        a: ATTACHED c #1 RESUMED default
        > post c "4"
        > go
        a: MESSAGE c #2 "2"
        a: MESSAGE c #3 "3"
        a: MESSAGE c #4 "4"
        "#,
    );
}

#[test]
fn continuity_that_is_lost_is_said_to_be() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > prune 2
        > open a
        a: CONNECTED a
        > a ATTACH c {"channelSerial":"@1"}
        a: ATTACHED c #2 default !90003
        > a ATTACH d {"channelSerial":"@99"}
        a: ATTACHED d #2 default !90005
        > a ATTACH e {"channelSerial":"what?"}
        a: ATTACHED e #2 default !90005
        > a ATTACH f {"channelSerial":""}
        a: ATTACHED f #2 default
        > post c "3"
        a: MESSAGE c #3 "3"
        "#,
    );
}

#[test]
fn continuity_can_be_lost_while_catching_up() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > evict
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"channelSerial":"@1"}
        a: ATTACHED c #1 RESUMED default
        > prune 3
        > go
        a: ATTACHED c #2 default !90003
        > post c "3"
        a: MESSAGE c #3 "3"
        "#,
    );
}

#[test]
fn a_serial_ahead_of_a_lagging_shard_waits_for_it() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > hold feed
        > post c "1"
        > post c "2"
        > a ATTACH c {"channelSerial":"@2"}
        a: ATTACHED c #2 RESUMED default
        > feed 1
        > feed 1
        > post c "3"
        > feed 1
        a: MESSAGE c #3 "3"
        "#,
    );
}

#[test]
fn a_long_way_is_gone_in_pieces() {
    check_with(
        Options::with(|limits| limits.catch_up_entries = 2),
        r#"
        > post c "1"
        > post c "2"
        > evict
        > post c "3"
        > post c "4"
        > post c "5"
        > open a
        a: CONNECTED a
        > a ATTACH c {"channelSerial":"@0"}
        a: ATTACHED c #0 RESUMED default
        a: MESSAGE c #1 "1"
        a: MESSAGE c #2 "2"
        a: MESSAGE c #3 "3"
        a: MESSAGE c #4 "4"
        a: MESSAGE c #5 "5"
        "#,
    );
}

#[test]
fn own_messages_are_left_out_on_the_way_too() {
    check(
        r#"
        > open a no-echo
        a: CONNECTED a
        > a MESSAGE c 0 ["mine"]
        a: ACK 0 [#1:0]
        > post c "theirs"
        > a ATTACH c {"channelSerial":"@0"}
        a: ATTACHED c #0 RESUMED default
        a: MESSAGE c #2 "theirs"
        > a MESSAGE c 1 ["mine"]
        a: ACK 1 [#3:0]
        > post c "theirs"
        a: MESSAGE c #4 "theirs"
        "#,
    );
}

#[test]
fn an_attachment_that_takes_no_messages_needs_no_catching_up() {
    check(
        r#"
        > post c "1"
        > evict
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"channelSerial":"@0","flags":131072}
        a: ATTACHED c #0 RESUMED publish
        > prune 1
        > go
        > post c "2"
        "#,
    );
}
