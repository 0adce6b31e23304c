//! Tokens that expire and are revoked while their connection is open.

use crate::support::check;

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
