//! What cannot be published, and the code it gets.

use crate::support::{Options, check, check_with};

#[test]
fn too_large_or_too_many() {
    check_with(
        Options::with(|limits| {
            limits.message_bytes_max = 10;
            limits.messages_per_frame_max = 3;
        }),
        r#"
        > open a
        a: CONNECTED a
        > a MESSAGE c 0 ["12345","67890"]
        a: ACK 0 [#1:0 #1:1]
        > a MESSAGE c 1 ["12345","67890","x"]
        a: NACK 1 !40009
        > a MESSAGE c 2 ["","","",""]
        a: NACK 2 !40009
        > a MESSAGE c 3 []
        a: NACK 3 !40000
        "#,
    );
}

#[test]
fn nobody_takes_the_ids_of_a_persons_messages() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open p client=p_abcdefghijklmnop
        p: CONNECTED p client=p_abcdefghijklmnop
        > open q client=p_qqqqqqqqqqqqqqqq
        q: CONNECTED q client=p_qqqqqqqqqqqqqqqq
        > a MESSAGE c 0 [{"id":"p_abcdefghijklmnop-1","data":"x"}]
        a: NACK 0 !40031
        > q MESSAGE c 0 [{"id":"p_abcdefghijklmnop-1:0"},{"id":"p_abcdefghijklmnop-1:1"}]
        q: NACK 0 !40031
        > p MESSAGE c 0 [{"id":"p_abcdefghijklmnop-1","data":"mine","extras":{"ephemeral":true}}]
        p: ACK 0 []
        > a MESSAGE c 1 [{"id":"p_abc-1","data":"no person's","extras":{"ephemeral":true}}]
        a: ACK 1 []
        "#,
    );
}

#[test]
fn bad_names_ids_data_extras_and_actions() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a {"action":15,"msgSerial":0,"channel":":c","messages":[{"data":"x"}]}
        a: NACK 0 !40010
        > a {"action":15,"msgSerial":1,"messages":[{"data":"x"}]}
        a: NACK 1 !40010
        > a MESSAGE c 2 [{"data":7}]
        a: NACK 2 !40013
        > a MESSAGE c 3 [{"data":"***","encoding":"base64"}]
        a: NACK 3 !40013
        > a MESSAGE c 4 [{"id":""}]
        a: NACK 4 !40031
        > a MESSAGE c 5 [{"id":"a:0"},{"data":"x"}]
        a: NACK 5 !40031
        > a MESSAGE c 6 [{"id":"a:0"},{"id":"a:2"}]
        a: NACK 6 !40031
        > a MESSAGE c 7 [{"id":"a"},{"id":"b"}]
        a: NACK 7 !40031
        > a MESSAGE c 8 [{"extras":[1]}]
        a: NACK 8 !40032
        > a MESSAGE c 9 [{"extras":{"ephemeral":true}},{"data":"x"}]
        a: NACK 9 !40032
        > a MESSAGE c 10 [{"action":1,"serial":"x"}]
        a: NACK 10 !50100
        > a {"action":21,"msgSerial":11,"channel":"c"}
        a: NACK 11 !50100
        > a {"action":19,"msgSerial":12,"channel":"c"}
        a: NACK 12 !50100
        > a MESSAGE c 13 [{"extras":{"headers":{"a":{"deep":1}}}}]
        a: NACK 13 !40032
        > a MESSAGE c 14 [{"extras":{"headers":["a"]}}]
        a: NACK 14 !40032
        > a MESSAGE c 15 [{"extras":{"headers":{"a":"x","b":1.5,"c":true,"d":null},"own":{"any":[1]}}}]
        a: ACK 15 [#1:0]
        "#,
    );
}

#[test]
fn client_ids_that_the_identity_does_not_permit() {
    check(
        r#"
        > open key
        key: CONNECTED key
        > key MESSAGE c 0 [{"clientId":"bob"}]
        key: ACK 0 [#1:0]
        > key MESSAGE c 1 [{"clientId":"*"}]
        key: NACK 1 !40012
        > key MESSAGE c 2 [{"clientId":""}]
        key: NACK 2 !40012
        > key MESSAGE c 3 [{"clientId":"p_abcdefgh234567zz"}]
        key: NACK 3 !40012
        > key PRESENCE c 4 [{"action":2,"clientId":"p_abcdefgh234567zz"}]
        key: NACK 4 !40012
        > open wild wildcard
        wild: CONNECTED wild client=*
        > wild MESSAGE c 0 [{"clientId":"bob"}]
        wild: ACK 0 [#2:0]
        > wild MESSAGE c 1 [{"clientId":"*"}]
        wild: NACK 1 !40012
        > wild MESSAGE c 2 [{"clientId":"p_abcdefgh234567zz"}]
        wild: NACK 2 !40012
        > open nobody anonymous
        nobody: CONNECTED nobody
        > nobody MESSAGE c 0 [{"data":"x"}]
        nobody: ACK 0 [#3:0]
        > nobody MESSAGE c 1 [{"clientId":"bob"}]
        nobody: NACK 1 !40012
        > open bob client=bob
        bob: CONNECTED bob client=bob
        > bob MESSAGE c 0 [{"clientId":"bob"},{"data":"x"}]
        bob: ACK 0 [#4:0 #4:1]
        > bob MESSAGE c 1 [{"clientId":"eve"}]
        bob: NACK 1 !40012
        > open s
        s: CONNECTED s
        > s ATTACH c {"params":{"rewind":"2"}}
        s: ATTACHED c #3 HAS_BACKLOG default rewind=2
        s: MESSAGE c #4 bob:0 bob:- bob:"x"
        "#,
    );
}

#[test]
fn what_neither_rights_nor_modes_permit() {
    check(
        r#"
        > open a client=bob cap=c:subscribe;d:*
        a: CONNECTED a client=bob
        > a MESSAGE c 0 ["x"]
        a: NACK 0 !40160
        > a PRESENCE c 1 [{"action":2}]
        a: NACK 1 !40160
        > a MESSAGE d 2 ["x"]
        a: ACK 2 [#1:0]
        > a ATTACH d {"flags":262144}
        a: ATTACHED d #1 subscribe
        > a MESSAGE d 3 ["x"]
        a: NACK 3 !40165
        > a PRESENCE d 4 [{"action":2}]
        a: NACK 4 !40165
        > a SYNC d
        a: ERROR d !40165
        ! a leaves d
        "#,
    );
}

#[test]
fn unreadable_frames_get_their_answer_where_the_envelope_says() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a raw {"action":15,"channel":"c","msgSerial":0,"messages":[{"name":7}]}
        a: NACK 0 !40000
        > a raw {"action":14,"channel":"c","msgSerial":1,"presence":"me"}
        a: NACK 1 !40000
        > a raw {"action":15,"channel":7,"msgSerial":2}
        a: NACK 2 !40000
        > a raw {"action":10,"channel":"c","flags":"all"}
        a: ERROR c !40000
        > a raw {"action":12,"channel":"c","params":1}
        a: ERROR c !40000
        > a MESSAGE c 3 ["still here"]
        a: ACK 3 [#1:0]
        > a raw {"action":15,"channel":"c","msgSerial":"four","messages":[]}
        a: ERROR !40000
        a! close Error 40000
        a! gone
        "#,
    );
}

#[test]
fn a_list_is_no_frame() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a raw [1,2]
        a: ERROR !40000
        a! close Error 40000
        a! gone
        "#,
    );
}
