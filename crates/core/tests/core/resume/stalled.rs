//! Attachments whose reader stops or goes while it is given what it missed.

use crate::support::check;

#[test]
fn an_answer_for_an_attachment_that_is_gone_is_not_taken_by_the_next() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > post c "3"
        > evict
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"channelSerial":"@2"}
        a: ATTACHED c #2 RESUMED default
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a ATTACH c {"channelSerial":"@0"}
        a: ATTACHED c #0 RESUMED default
        > answer 1
        > go
        a: MESSAGE c #1 "1"
        a: MESSAGE c #2 "2"
        a: MESSAGE c #3 "3"
        "#,
    );
}

#[test]
fn an_answer_for_a_reader_that_is_blocked_waits_with_it() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > evict
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"channelSerial":"@0"}
        a: ATTACHED c #0 RESUMED default
        > block a
        > go
        > post c "3"
        > drain a
        a: MESSAGE c #1 "1"
        a: MESSAGE c #2 "2"
        a: MESSAGE c #3 "3"
        > evict
        > block a
        > post c "4"
        > evict
        > drain a
        a: MESSAGE c #4 "4"
        "#,
    );
}

#[test]
fn a_loss_found_while_blocked_is_told_and_nothing_is_queued() {
    check(
        r#"
        > post c "1"
        > evict
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"channelSerial":"@0"}
        a: ATTACHED c #0 RESUMED default
        > block a
        > prune 1
        > go
        > post c "2"
        > drain a
        a: ATTACHED c #2 default !90003
        > post c "3"
        a: MESSAGE c #3 "3"
        "#,
    );
}

#[test]
fn a_reader_that_stops_is_given_the_rest_when_it_goes_on() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > post c "1"
        a: MESSAGE c #1 "1"
        > block a
        > block a
        > post c "2"
        > a ATTACH d
        a: ATTACHED d #2 default
        > post d "3"
        > post c "4"
        > drain a
        a: MESSAGE c #2 "2"
        a: MESSAGE c #4 "4"
        a: MESSAGE d #3 "3"
        > drain a
        > post c "5"
        a: MESSAGE c #5 "5"
        "#,
    );
}
