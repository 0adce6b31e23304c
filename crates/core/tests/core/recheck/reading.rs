//! What may be read: modes that go and come back, and what was on its way.

use crate::support::check;

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
