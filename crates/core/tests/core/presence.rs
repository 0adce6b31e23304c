//! Presence: who is told what, and that nobody is left with another picture.

mod leaving;
mod snapshot;

use loquat_protocol::{AppId, ChannelId, ChannelName, PresenceMessage};

use crate::support::{Options, check, check_with};

fn channel() -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted("c"))
}

fn member(client_id: &str) -> PresenceMessage {
    PresenceMessage {
        action: 2,
        client_id: Some(client_id.to_owned()),
        connection_id: Some("x".to_owned()),
        ..PresenceMessage::default()
    }
}

#[test]
fn enter_update_leave_and_again() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"data":"in"}]
        a: PRESENCE c enter bob@a (a:0:0) "in"
        a: ACK 0 []
        > a PRESENCE c 1 [{"action":2,"data":"again"}]
        a: PRESENCE c update bob@a (a:1:0) "again"
        a: ACK 1 []
        > a PRESENCE c 2 [{"action":4,"data":"up"}]
        a: PRESENCE c update bob@a (a:2:0) "up"
        a: ACK 2 []
        > a PRESENCE c 3 [{"action":3}]
        a: PRESENCE c leave bob@a (a:3:0) "up"
        a: ACK 3 []
        > a PRESENCE c 4 [{"action":3}]
        a: ACK 4 []
        > a PRESENCE c 5 [{"action":4,"data":"back"}]
        a: PRESENCE c enter bob@a (a:5:0) "back"
        a: ACK 5 []
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a ATTACH c
        a: ATTACHED c #0 default
        "#,
    );
}

#[test]
fn who_enters_again_by_the_id_of_before_is_no_news() {
    check(
        r#"
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"data":"in"}]
        a: PRESENCE c enter bob@a (a:0:0) "in"
        a: ACK 0 []
        > a PRESENCE c 1 [{"action":2,"id":"a:0:0","data":"in"}]
        a: ACK 1 []
        > a PRESENCE c 2 [{"action":4,"data":"up"}]
        a: PRESENCE c update bob@a (a:2:0) "up"
        a: ACK 2 []
        > a PRESENCE c 3 [{"action":2,"id":"a:0:0","data":"in"}]
        a: ACK 3 []
        > a PRESENCE c 4 [{"action":2,"id":"x:9:0","data":"of nobody's"}]
        a: PRESENCE c update bob@a (a:4:0) "of nobody's"
        a: ACK 4 []
        > a PRESENCE c 5 [{"action":2,"id":"a:9:0","data":"of later"}]
        a: PRESENCE c update bob@a (a:5:0) "of later"
        a: ACK 5 []
        > a PRESENCE c 6 [{"action":3}]
        a: PRESENCE c leave bob@a (a:6:0) "of later"
        a: ACK 6 []
        > a PRESENCE c 7 [{"action":2,"id":"a:5:0","data":"of later"}]
        a: PRESENCE c enter bob@a (a:5:0) "of later"
        a: ACK 7 []
        "#,
    );
}

/// Whoever may only read may be present; that is no way to tell others what one likes, as fast as one likes.
#[test]
fn presence_and_ephemeral_messages_have_a_pace_of_their_own() {
    check(
        r#"
        > open a client=bob passing=3
        a: CONNECTED a client=bob
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2}]
        a: PRESENCE c enter bob@a (a:0:0)
        a: ACK 0 []
        > a MESSAGE c 1 [{"name":"typing","extras":{"ephemeral":true}}]
        a: MESSAGE c a:1 bob:typing:-{"ephemeral":true}
        a: ACK 1 []
        > a PRESENCE c 2 [{"action":4},{"action":4}]
        a: NACK 2 !42910
        > a PRESENCE c 3 [{"action":4}]
        a: PRESENCE c update bob@a (a:3:0)
        a: ACK 3 []
        > a MESSAGE c 4 [{"name":"typing","extras":{"ephemeral":true}}]
        a: NACK 4 !42910
        > a MESSAGE c 5 ["kept"]
        a: MESSAGE c #1 a:5 bob:"kept"
        a: ACK 5 [#1:0]
        "#,
    );
}

#[test]
fn what_presence_refuses() {
    check_with(
        Options::with(|limits| {
            limits.members_per_channel_max = 2;
            limits.message_bytes_max = 20;
            limits.messages_per_frame_max = 3;
        }),
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 1 [{"action":2}]
        a: NACK 1 !40012
        > a PRESENCE c 2 [{"action":9,"clientId":"x"}]
        a: NACK 2 !40000
        > a PRESENCE c 3 [{"action":2,"clientId":"x","data":7}]
        a: NACK 3 !40013
        > a PRESENCE c 4 [{"action":2,"clientId":"x","extras":"e"}]
        a: NACK 4 !40032
        > a PRESENCE c 5 [{"action":2,"clientId":"x","data":"01234567890123456789"}]
        a: NACK 5 !40009
        > a PRESENCE c 6 [{"action":2,"clientId":"x"},{"action":2,"clientId":"y"},{"action":2,"clientId":"z"}]
        a: NACK 6 !91003
        > a PRESENCE c 7 [{"action":2,"clientId":"x"},{"action":2,"clientId":"y"}]
        a: PRESENCE c enter x@a (a:7:0)
        a: PRESENCE c enter y@a (a:7:1)
        a: ACK 7 []
        > a PRESENCE c 8 [{"action":4,"clientId":"x"},{"action":1,"clientId":"y"}]
        a: PRESENCE c update x@a (a:8:0)
        a: PRESENCE c update y@a (a:8:1)
        a: ACK 8 []
        > a PRESENCE :c 9 [{"action":2}]
        a: NACK 9 !40010
        > a SYNC d
        a: ERROR d !90001
        "#,
    );
}

/// Ten members of a message each would be ten times what one may say at once, and everybody who comes in is sent it.
#[test]
fn what_members_of_a_channel_show_is_bounded_together() {
    check_with(
        Options::with(|limits| limits.presence_bytes_per_channel_max = 10),
        r#"
        > open a
        a: CONNECTED a
        > a ATTACH c
        a: ATTACHED c #0 default
        > a ATTACH d
        a: ATTACHED d #0 default
        > a PRESENCE c 1 [{"action":2,"clientId":"x","data":"1234"},{"action":2,"clientId":"y","data":"1234"}]
        a: PRESENCE c enter x@a (a:1:0) "1234"
        a: PRESENCE c enter y@a (a:1:1) "1234"
        a: ACK 1 []
        > a PRESENCE c 2 [{"action":2,"clientId":"z"}]
        a: NACK 2 !91003
        > a PRESENCE c 3 [{"action":4,"clientId":"x","data":"12345"}]
        a: NACK 3 !91003
        > a PRESENCE d 4 [{"action":2,"clientId":"x","data":"123456789"}]
        a: PRESENCE d enter x@a (a:4:0) "123456789"
        a: ACK 4 []
        > a PRESENCE c 5 [{"action":4,"clientId":"x","data":"12345"},{"action":3,"clientId":"y"}]
        a: PRESENCE c update x@a (a:5:0) "12345"
        a: PRESENCE c leave y@a (a:5:1) "1234"
        a: ACK 5 []
        > a PRESENCE c 6 [{"action":4,"clientId":"x","data":"too long"},{"action":4,"clientId":"x","data":"short"}]
        a: PRESENCE c update x@a (a:6:0) "too long"
        a: PRESENCE c update x@a (a:6:1) "short"
        a: ACK 6 []
        > a PRESENCE c 7 [{"action":2,"clientId":"z","data":"123"}]
        a: PRESENCE c enter z@a (a:7:0) "123"
        a: ACK 7 []
        "#,
    );
}
