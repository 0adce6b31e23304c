//! MESSAGE: what comes of it: echo, formats, ephemeral messages; and answers.

mod answers;

use crate::support::check;

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
