//! ATTACH and DETACH: names, modes, rights, bounds.

use crate::support::{Options, check, check_with};

#[test]
fn an_attach_without_modes_gets_the_default() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        "#,
    );
}

#[test]
fn modes_come_from_flags_or_params_and_params_win() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c {"flags":262144}
        a: ATTACHED c #0 subscribe
        > a ATTACH d {"flags":262144,"params":{"modes":"publish,Presence_Subscribe","agent":"x/1"}}
        a: ATTACHED d #0 publish presence_subscribe modes=publish,Presence_Subscribe
        > a ATTACH e {"params":{"modes":"dance"}}
        a: ERROR e !40000
        > a ATTACH f {"flags":56623104,"params":{"modes":""}}
        a: ATTACHED f #0 default modes=
        "#,
    );
}

#[test]
fn the_capability_narrows_the_modes_and_nothing_left_is_refused() {
    check(
        r#"
        > open a cap=c:subscribe;d:presence,publish;e:history
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 subscribe presence_subscribe
        > a ATTACH d
        a: ATTACHED d #0 presence publish
        > a ATTACH d {"flags":262144}
        a: ERROR d !40160
        ! a leaves d
        > a ATTACH e
        a: ERROR e !40160
        > a ATTACH f
        a: ERROR f !40160
        "#,
    );
}

#[test]
fn bad_names_are_refused_and_harm_nothing() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a {"action":10,"channel":""}
        a: ERROR  !40010
        > a {"action":10}
        a: ERROR  !40010
        > a {"action":10,"channel":":x"}
        a: ERROR :x !40010
        > a {"action":10,"channel":"[meta]x"}
        a: ERROR [meta]x !40010
        > a {"action":12,"channel":"x\u2028"}
        a: ERROR x  !40010
        > a ATTACH c
        a: ATTACHED c #0 default
        "#,
    );
}

#[test]
fn there_is_a_bound_on_channels() {
    check_with(
        Options::with(|limits| limits.channels_max = 2),
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > a ATTACH d
        a: ATTACHED d #0 default
        > a ATTACH e
        a: ERROR e !90010
        > a ATTACH d
        a: ATTACHED d #0 RESUMED default
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a ATTACH e
        a: ATTACHED e #0 default
        "#,
    );
}

#[test]
fn attaching_again_on_the_same_socket_goes_on_with_the_new_modes() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c {"flags":131072}
        a: ATTACHED c #0 publish
        > post c "unseen"
        > a ATTACH c
        a: ATTACHED c #1 RESUMED default
        > post c "seen"
        a: MESSAGE c #2 "seen"
        "#,
    );
}

#[test]
fn detached_means_silence_and_others_keep_their_places() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > open d
        d: CONNECTED d
        > a ATTACH c
        a: ATTACHED c #0 default
        > b ATTACH c
        b: ATTACHED c #0 default
        > d ATTACH c
        d: ATTACHED c #0 default
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > post c "1"
        d: MESSAGE c #1 "1"
        b: MESSAGE c #1 "1"
        > d DETACH c
        d: DETACHED c
        ! d leaves c
        > post c "2"
        b: MESSAGE c #2 "2"
        > gone b
        b! gone
        > post c "3"
        "#,
    );
}

#[test]
fn an_unreadable_attach_fails_its_channel_only() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > a raw {"action":10,"channel":"c","params":7}
        a: ERROR c !40000
        ! a leaves c
        > post c "unseen"
        > a ATTACH c
        a: ATTACHED c #1 default
        "#,
    );
}

#[test]
fn new_rights_end_or_narrow_attachments() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a ATTACH d
        a: ATTACHED d #0 default
        > a PRESENCE d 0 [{"action":2}]
        a: PRESENCE d enter bob@a (a:0:0)
        a: ACK 0 []
        > a {"action":17,"auth":{"accessToken":"less"}}
        a! authenticate less
        > grant a client=bob cap=d:subscribe
        a: CONNECTED a client=bob
        a: ERROR c !40160
        a: ATTACHED d #0 RESUMED HAS_PRESENCE subscribe presence_subscribe
        a: SYNC d 1: present bob@a (a:0:0)
        ! a leaves c
        a: PRESENCE d leave bob@a (server:2:0)
        > post c "unseen"
        > post d "seen"
        a: MESSAGE d #2 "seen"
        > a MESSAGE d 1 ["x"]
        a: NACK 1 !40160
        "#,
    );
}

#[test]
fn a_bad_token_or_another_identity_ends_the_connection() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a {"action":17,"auth":{"accessToken":"bad"}}
        a! authenticate bad
        > deny a 40144
        a: ERROR !40144
        a! close Error 40144
        a! gone
        > open b client=bob
        b: CONNECTED b client=bob
        > grant b client=eve
        b: ERROR !40102
        b! close Error 40102
        b! gone
        > open d
        d: CONNECTED d
        > grant d app=other
        d: ERROR !40102
        d! close Error 40102
        d! gone
        "#,
    );
}

#[test]
fn a_channel_can_be_heard_without_ones_own_messages() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > a ATTACH c {"params":{"echo":"false"}}
        a: ATTACHED c #0 default echo=false
        > b ATTACH c
        b: ATTACHED c #0 default
        > a MESSAGE c 0 ["own"]
        b: MESSAGE c #1 a:0 "own"
        a: ACK 0 [#1:0]
        > b MESSAGE c 0 ["other"]
        a: MESSAGE c #2 b:0 "other"
        b: MESSAGE c #2 b:0 "other"
        b: ACK 0 [#2:0]
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a ATTACH c {"params":{"echo":false,"rewind":9}}
        a: ATTACHED c #0 HAS_BACKLOG default echo=false rewind=9
        a: MESSAGE c #2 b:0 "other"
        > a ATTACH c
        a: ATTACHED c #2 RESUMED default
        > a MESSAGE c 1 ["heard"]
        b: MESSAGE c #3 a:1 "heard"
        a: MESSAGE c #3 a:1 "heard"
        a: ACK 1 [#3:0]
        > open deaf no-echo
        deaf: CONNECTED deaf
        > deaf ATTACH d {"params":{"echo":"true"}}
        deaf: ATTACHED d #3 default echo=true
        > deaf MESSAGE d 0 ["own"]
        deaf: ACK 0 [#4:0]
        "#,
    );
}
