//! Answers to publishes, in order, and how many may wait for theirs.

use crate::support::{Options, check, check_with};

#[test]
fn an_ack_carries_the_serials_and_comes_after_the_log() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > hold log
        > a MESSAGE c 0 ["x","y"]
        > go
        a: ACK 0 [#1:0 #1:1]
        "#,
    );
}

#[test]
fn neighbouring_answers_are_one_frame_and_none_overtakes() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > hold log
        > a MESSAGE c 0 ["0"]
        > a MESSAGE c 1 ["1"]
        > a MESSAGE c 2 [{"data":7}]
        > a MESSAGE c 3 ["3"]
        > commit 3
        a: ACK 0+2 [#1:0] [#2:0]
        a: NACK 2 !40013
        a: ACK 3 [#3:0]
        > a MESSAGE c 4 ["4"]
        > a MESSAGE c 5 ["5"]
        > refuse 50008
        a: NACK 4 !50008
        a: NACK 5 !50008
        "#,
    );
}

#[test]
fn numbers_that_do_not_follow_are_answered_one_by_one() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > hold log
        > a MESSAGE c 9223372036854775807 ["last"]
        > a MESSAGE c 9223372036854775807 ["last"]
        > a MESSAGE c -5 ["negative"]
        > a MESSAGE c 7 ["7"]
        > go
        a: ACK 9223372036854775807 [#1:0]
        a: ACK 9223372036854775807 [#1:0]
        a: ACK -5 [#2:0]
        a: ACK 7 [#3:0]
        "#,
    );
}

#[test]
fn a_resend_is_acknowledged_with_its_first_serial() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a MESSAGE c 0 ["x"]
        a: ACK 0 [#1:0]
        > gone a
        a! gone
        > open b id=a
        b: CONNECTED a
        > b MESSAGE c 0 ["x"]
        b: ACK 0 [#1:0]
        > b MESSAGE c 1 [{"id":"my-id","data":"y"}]
        b: ACK 1 [#2:0]
        > b MESSAGE c 2 [{"id":"my-id","data":"y"}]
        b: ACK 2 [#2:0]
        "#,
    );
}

#[test]
fn too_much_in_flight_stops_the_reading_until_half_is_answered() {
    check_with(
        Options::with(|limits| limits.in_flight_max = 4),
        r#"
        > open a
        a: CONNECTED a
        > hold log
        > a MESSAGE c 0 ["0"]
        > a MESSAGE c 1 ["1"]
        > a MESSAGE c 2 ["2"]
        > a MESSAGE c 3 ["3"]
        a! reading off
        > a MESSAGE c 4 ["4"]
        > commit 2
        a: ACK 0+2 [#1:0] [#2:0]
        > commit 1
        a: ACK 2 [#3:0]
        a! reading on
        > go
        a: ACK 3+2 [#4:0] [#5:0]
        "#,
    );
}

#[test]
fn refusals_that_wait_for_their_turn_count_too() {
    check_with(
        Options::with(|limits| limits.in_flight_max = 3),
        r#"
        > open a
        a: CONNECTED a
        > hold log
        > a MESSAGE c 0 ["0"]
        > a MESSAGE c 1 [{"data":1}]
        > a MESSAGE c 2 [{"data":1}]
        a! reading off
        > go
        a: ACK 0 [#1:0]
        a: NACK 1 !40013
        a: NACK 2 !40013
        a! reading on
        "#,
    );
}

#[test]
fn the_first_moment_has_a_full_allowance_and_the_rest_its_rate() {
    let start = loquat_core::Now { mono_ms: 0, wall_ms: 0 };
    check_with(
        Options { start, ..Options::with(|limits| limits.inbound_rate_max = 2) },
        r#"
        > open a
        a: CONNECTED a
        > a MESSAGE c 0 ["0","1"]
        a: ACK 0 [#1:0 #1:1]
        > a MESSAGE c 1 ["2"]
        a: NACK 1 !42911
        > wait 500
        > a MESSAGE c 1 ["2"]
        a: ACK 1 [#2:0]
        > wait 9000
        > a MESSAGE c 2 ["3","4","5"]
        a: NACK 2 !42911
        > a MESSAGE c 3 ["3","4"]
        a: ACK 3 [#3:0 #3:1]
        "#,
    );
}
