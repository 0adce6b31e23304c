//! Rights that change under an open connection (SEC-1).

mod members;
mod reading;

use loquat_core::{Changed, Identity};
use loquat_protocol::ClientId;

use crate::support::check;

#[test]
fn who_is_removed_gets_nothing_more_and_is_seen_to_leave() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open e client=eve
        e: CONNECTED e client=eve
        > a ATTACH c
        a: ATTACHED c #0 default
        > a ATTACH d
        a: ATTACHED d #0 default
        > e ATTACH c
        e: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2}]
        a: PRESENCE c enter bob@a (a:0:0)
        e: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > change a cap=d:*
        > a MESSAGE c 1 ["x"]
        a: NACK 1 !40160
        > changed bob
        a: ERROR c !40160
        ! a leaves c
        e: PRESENCE c leave bob@a (server:2:0)
        > post c "for members only"
        e: MESSAGE c #1 "for members only"
        > post d "for all"
        a: MESSAGE d #2 "for all"
        > a ATTACH c {"channelSerial":"@0"}
        a: ERROR c !40160
        > change a
        > a ATTACH c
        a: ATTACHED c #2 default
        "#,
    );
}

#[test]
fn only_those_concerned_are_looked_at() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open k
        k: CONNECTED k
        > a ATTACH c
        a: ATTACHED c #0 default
        > k ATTACH c
        k: ATTACHED c #0 default
        > change a cap=d:subscribe
        > change k cap=d:subscribe
        > changed eve
        > changed bob
        a: ERROR c !40160
        ! a leaves c
        > changed everybody
        k: ERROR c !40160
        ! k leaves c
        > post c "unseen"
        "#,
    );
}

#[test]
fn an_ended_session_ends_its_connection_at_once() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > open b client=bob
        b: CONNECTED b client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > b ATTACH c
        b: ATTACHED c #0 default
        > revoke a 40141
        > changed bob
        a: DISCONNECTED !40141
        a! close Error 40141
        a! gone
        > post c "seen by the other session"
        b: MESSAGE c #1 "seen by the other session"
        "#,
    );
}

#[test]
fn past_a_bound_everybody_is_looked_at() {
    let named = |number: u32| ClientId::from_trusted(&format!("client {number}"));
    let mut changed = Changed::default();
    assert!(!changed.concerns(&Identity::Any) && !changed.concerns(&Identity::Named(named(1))));
    (0..1_024).for_each(|number| changed.add(Some(named(number))));
    assert!(changed.concerns(&Identity::Named(named(1_023))));
    assert!(!changed.concerns(&Identity::Named(named(1_024))) && !changed.concerns(&Identity::Any));
    changed.add(Some(named(1_024)));
    assert_eq!(changed, Changed::Everybody);
    changed.add(Some(named(1)));
    assert!(changed.concerns(&Identity::Any) && changed.concerns(&Identity::Named(named(9_999))));
}
