//! MESSAGE: answers, order, echo, formats, ephemeral messages and backpressure.

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
fn subscribers_get_messages_with_ids_and_serials() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open b
        b: CONNECTED b
        > a ATTACH c
        a: ATTACHED c #0 default
        > b ATTACH c
        b: ATTACHED c #0 default
        > a MESSAGE c 0 [{"name":"n","data":"x","extras":{"headers":{"k":1}}},{"data":{"a":[1]}}]
        a: MESSAGE c #1 a:0 bob:n:"x"{"headers":{"k":1}} bob:"{\"a\":[1]}"/json
        b: MESSAGE c #1 a:0 bob:n:"x"{"headers":{"k":1}} bob:"{\"a\":[1]}"/json
        a: ACK 0 [#1:0 #1:1]
        > b MESSAGE c 0 [{"id":"i:0","clientId":"eve"},{"id":"i:1"}]
        a: MESSAGE c #2 i:0=eve:- i:1=-
        b: MESSAGE c #2 i:0=eve:- i:1=-
        b: ACK 0 [#2:0 #2:1]
        "#,
    );
}

#[test]
fn what_a_token_says_of_its_user_comes_along_and_cannot_be_claimed_otherwise() {
    check(
        r#"
        > open a claim=guest
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > b ATTACH claimed
        b: ATTACHED claimed #0 default
        > a MESSAGE claimed 0 [{"name":"n"},{"extras":{"headers":{"k":1},"userClaim":"admin"}}]
        b: MESSAGE claimed #1 a:0 n:-{"userClaim":"guest"} -{"headers":{"k":1},"userClaim":"guest"}
        a: ACK 0 [#1:0 #1:1]
        > a MESSAGE claimed 1 [{"name":"typing","extras":{"ephemeral":true}}]
        b: MESSAGE claimed a:1 typing:-{"ephemeral":true,"userClaim":"guest"}
        a: ACK 1 []
        > b ATTACH other
        b: ATTACHED other #1 default
        > a MESSAGE other 2 [{"extras":{"userClaim":"admin"}}]
        b: MESSAGE other #2 a:2 -{}
        a: ACK 2 [#2:0]
        "#,
    );
}

#[test]
fn who_wants_no_echo_gets_none_even_among_others_messages() {
    check(
        r#"
        > open a no-echo
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > hold feed
        > a MESSAGE c 0 ["mine"]
        a: ACK 0 [#1:0]
        > post c "theirs"
        > a MESSAGE c 1 ["mine"]
        a: ACK 1 [#3:0]
        > post c "theirs"
        > go
        a: MESSAGE c #2 "theirs"
        a: MESSAGE c #4 "theirs"
        "#,
    );
}

#[test]
fn bytes_cross_between_the_formats() {
    check(
        r#"
        > open a msgpack
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > a ATTACH c
        a: ATTACHED c #0 default
        > b ATTACH c
        b: ATTACHED c #0 default
        > b MESSAGE c 0 [{"data":"AAEC","encoding":"utf-8/base64"}]
        a: MESSAGE c #1 b:0 bytes[0, 1, 2]/utf-8
        b: MESSAGE c #1 b:0 "AAEC"/utf-8/base64
        b: ACK 0 [#1:0]
        > a MESSAGE c 0 [{"data":"AAEC","encoding":"base64"}]
        a: MESSAGE c #2 a:0 bytes[0, 1, 2]
        b: MESSAGE c #2 a:0 "AAEC"/base64
        a: ACK 0 [#2:0]
        "#,
    );
}

#[test]
fn ephemeral_messages_reach_who_is_there_and_nobody_later() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > open n no-echo id=n
        n: CONNECTED n
        > b ATTACH c
        b: ATTACHED c #0 default
        > n ATTACH c
        n: ATTACHED c #0 default
        > a MESSAGE c 0 [{"data":"typing","extras":{"ephemeral":true}}]
        b: MESSAGE c a:0 "typing"{"ephemeral":true}
        n: MESSAGE c a:0 "typing"{"ephemeral":true}
        a: ACK 0 []
        > n MESSAGE c 0 [{"data":"typing","extras":{"ephemeral":true}}]
        b: MESSAGE c n:0 "typing"{"ephemeral":true}
        n: ACK 0 []
        > block b
        > a MESSAGE c 1 [{"data":"typing","extras":{"ephemeral":true}}]
        n: MESSAGE c a:1 "typing"{"ephemeral":true}
        a: ACK 1 []
        > drain b
        > a ATTACH c {"params":{"rewind":"5"}}
        a: ATTACHED c #0 default rewind=5
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
