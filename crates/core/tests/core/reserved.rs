//! Channels on which the server speaks to one person.

use crate::support::check;

#[test]
fn who_misses_what_the_server_says_to_them_is_told_so() {
    check(
        r#"
        > open k
        k: CONNECTED k
        > open a client=bob
        a: CONNECTED a client=bob
        > a ATTACH $me:bob
        a: ATTACHED $me:bob #0 default
        > a ATTACH c
        a: ATTACHED c #0 default
        > k MESSAGE $me:bob 0 [{"data":"seen","extras":{"ephemeral":true}}]
        a: MESSAGE $me:bob k:0 "seen"{"ephemeral":true}
        k: ACK 0 []
        > block a
        > k MESSAGE $me:bob 1 [{"data":"missed","extras":{"ephemeral":true}}]
        k: ACK 1 []
        > k MESSAGE c 2 [{"data":"typing","extras":{"ephemeral":true}}]
        k: ACK 2 []
        > drain a
        a: ATTACHED $me:bob #0 default
        > block a
        > drain a
        > k MESSAGE $me:bob 3 [{"data":"seen again","extras":{"ephemeral":true}}]
        a: MESSAGE $me:bob k:3 "seen again"{"ephemeral":true}
        k: ACK 3 []
        > lose
        a: ATTACHED $me:bob #0 default
        > block a
        > lose
        > drain a
        a: ATTACHED $me:bob #0 default
        > gone a
        a! gone
        > open b id=a client=bob
        b: CONNECTED a client=bob
        > b ATTACH $me:bob {"channelSerial":"@0"}
        b: ATTACHED $me:bob #0 default
        > b ATTACH c {"channelSerial":"@0"}
        b: ATTACHED c #0 RESUMED default
        "#,
    );
}
