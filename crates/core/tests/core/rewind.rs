//! `rewind`: attachments that start in the past.

use crate::support::check;

#[test]
fn a_rewind_by_count_leaves_out_part_of_the_first_entry() {
    check(
        r#"
        > post c ["1","2","3"]
        > post c ["4"]
        > open a
        a: CONNECTED a
        > a ATTACH c {"params":{"rewind":"2"}}
        a: ATTACHED c #0 HAS_BACKLOG default rewind=2
        a: MESSAGE c #1 "3" @#1:2
        a: MESSAGE c #2 "4"
        > post c "5"
        a: MESSAGE c #3 "5"
        "#,
    );
}

#[test]
fn ids_of_a_partial_entry_are_those_of_the_whole() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > a MESSAGE c 0 ["1","2"]
        a: ACK 0 [#1:0 #1:1]
        > a ATTACH c {"params":{"rewind":"1"}}
        a: ATTACHED c #0 HAS_BACKLOG default rewind=1
        a: MESSAGE c #1 a:0 a:0:1="2" @#1:1
        "#,
    );
}

#[test]
fn a_partial_entry_of_ones_own_costs_nobody_elses_messages() {
    check(
        r#"
        > open a no-echo
        a: CONNECTED a
        > a MESSAGE c 0 ["1","2"]
        a: ACK 0 [#1:0 #1:1]
        > post c ["3","4"]
        > a ATTACH c {"params":{"rewind":"3"}}
        a: ATTACHED c #0 HAS_BACKLOG default rewind=3
        a: MESSAGE c #2 "3" "4"
        "#,
    );
}

#[test]
fn a_span_has_its_newest_messages_only_with_a_limit() {
    check(
        r#"
        > post c "1"
        > wait 8000
        > post c ["2","3","4"]
        > open a
        a: CONNECTED a
        > a ATTACH c {"params":{"rewind":"5s","rewindLimit":2}}
        a: ATTACHED c #1 HAS_BACKLOG default rewind=5s rewindLimit=2
        a: MESSAGE c #2 "3" @#2:1 "4" @#2:2
        > open b
        b: CONNECTED b
        > b ATTACH c {"params":{"rewind":"5s","rewindLimit":"100"}}
        b: ATTACHED c #1 HAS_BACKLOG default rewind=5s rewindLimit=100
        b: MESSAGE c #2 "2" "3" "4"
        "#,
    );
}

#[test]
fn a_rewind_by_time_starts_with_the_first_message_in_it() {
    check(
        r#"
        > post c "old"
        > wait 8000
        > post c "new"
        > open a
        a: CONNECTED a
        > a ATTACH c {"params":{"rewind":"5s"}}
        a: ATTACHED c #1 HAS_BACKLOG default rewind=5s
        a: MESSAGE c #2 "new"
        > wait 6000
        > open b
        b: CONNECTED b
        > b ATTACH c {"params":{"rewind":"5s"}}
        b: ATTACHED c #2 default rewind=5s
        > b ATTACH d {"params":{"rewind":"soon"}}
        b: ERROR d !40000
        > b ATTACH d {"params":{"occupancy":"metrics"}}
        b: ERROR d !50100
        "#,
    );
}

#[test]
fn what_comes_while_the_start_is_searched_comes_once() {
    check(
        r#"
        > post c "1"
        > open a client=bob
        a: CONNECTED a client=bob
        > hold store
        > a ATTACH c {"params":{"rewind":"1"}}
        > post c "2"
        > a PRESENCE c 0 [{"action":2}]
        a: ACK 0 []
        > go
        a: ATTACHED c #0 HAS_BACKLOG HAS_PRESENCE default rewind=1
        a: MESSAGE c #1 "1"
        a: MESSAGE c #2 "2"
        a: SYNC c 1: present bob@a (a:0:0)
        "#,
    );
}

#[test]
fn a_second_attach_while_the_start_is_searched_waits_for_it() {
    check(
        r#"
        > post c "1"
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"params":{"rewind":"1"}}
        > a ATTACH c {"flags":262144,"params":{"rewind":"1"}}
        > go
        a: ATTACHED c #0 HAS_BACKLOG subscribe rewind=1
        a: MESSAGE c #1 "1"
        "#,
    );
}

#[test]
fn a_detach_ends_the_search_and_the_next_attach_makes_its_own() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"params":{"rewind":"1"}}
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a ATTACH c {"params":{"rewind":"2"}}
        > answer 1
        > go
        a: ATTACHED c #0 HAS_BACKLOG default rewind=2
        a: MESSAGE c #1 "1"
        a: MESSAGE c #2 "2"
        "#,
    );
}

#[test]
fn a_search_that_ends_after_the_detach_changes_nothing() {
    check(
        r#"
        > post c "1"
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"params":{"rewind":"1"}}
        > a DETACH c
        a: DETACHED c
        ! a leaves c
        > a ATTACH c
        a: ATTACHED c #1 default
        > go
        > post c "2"
        a: MESSAGE c #2 "2"
        "#,
    );
}

#[test]
fn a_rewind_is_given_when_a_blocked_reader_reads_again() {
    check(
        r#"
        > post c "1"
        > open a
        a: CONNECTED a
        > hold store
        > a ATTACH c {"params":{"rewind":"1"}}
        > block a
        > go
        a: ATTACHED c #0 HAS_BACKLOG default rewind=1
        > post c "2"
        > drain a
        a: MESSAGE c #1 "1"
        a: MESSAGE c #2 "2"
        "#,
    );
}

#[test]
fn a_channel_serial_wins_over_a_rewind_and_publishers_need_none() {
    check(
        r#"
        > post c "1"
        > post c "2"
        > open a
        a: CONNECTED a
        > a ATTACH c {"channelSerial":"@1","params":{"rewind":"2"}}
        a: ATTACHED c #1 RESUMED default rewind=2
        a: MESSAGE c #2 "2"
        > a ATTACH d {"flags":131072,"params":{"rewind":"2"}}
        a: ATTACHED d #2 publish rewind=2
        "#,
    );
}
